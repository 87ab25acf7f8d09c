/**
 * A text that two values share exactly when they are deeply and strictly equal: NaN equals NaN, -0 equals 0, key order,
 * Map order and Set order do not matter, a missing key differs from an undefined one, a hole from undefined, and class
 * instances need the same prototype. Functions, symbols and promises only equal themselves.
 */
(p, identity, kindOf) => {
  const nodesMax = 500_000;

  const sorted = (texts) => {
    p.setPrototypeOf(texts, p.arrayPrototype);
    const text = p.arrayJoin(p.arraySort(texts), ',');
    return text;
  };

  const primitive = (value) => {
    switch (typeof value) {
      case 'string':
        return p.quote(value);
      case 'number':
        return value === 0 ? '0' : `${value}`;
      case 'bigint':
        return `${value}n`;
      case 'symbol':
        return `@${identity(value)}`;
      default:
        return `${value}`; // undefined, null, booleans
    }
  };

  return (root) => {
    let nodes = 0;
    const path = p.list();
    const encode = (value) => {
      nodes += 1;
      if (nodes > nodesMax) throw new p.TypeError('The value is too large to compare');
      if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
        return primitive(value);
      for (let depth = 0; depth < path.length; depth += 1) {
        if (path[depth] === value) return `^${path.length - depth}`;
      }
      path[path.length] = value;
      const text = object(value);
      path.length -= 1;
      return text;
    };
    const properties = (value, skipIndices) => {
      const keys = p.ownKeys(value);
      const texts = p.list();
      for (let index = 0; index < keys.length; index += 1) {
        const key = keys[index];
        if (skipIndices && typeof key === 'string' && (key === 'length' || isIndex(key))) continue;
        const descriptor = p.getOwnPropertyDescriptor(value, key);
        if (descriptor === undefined || !descriptor.enumerable) continue;
        texts[texts.length] = `${primitive(key)}:${encode(value[key])}`;
      }
      return sorted(texts);
    };
    const elements = (value, length) => {
      let text = '';
      for (let index = 0; index < length; index += 1) {
        const hole = p.getOwnPropertyDescriptor(value, `${index}`) === undefined;
        text += hole ? '~,' : `${encode(value[index])},`;
      }
      return text;
    };
    const entries = (value, forEach) => {
      const texts = p.list();
      forEach(value, (item, key) => {
        texts[texts.length] = `${encode(key)}=>${encode(item)}`;
      });
      return sorted(texts);
    };
    const object = (value) => {
      const kind = kindOf(value);
      if (kind === 'plain') return `{${properties(value, false)}}`;
      if (kind === 'function') return `@${identity(value)}`;
      const prototype = p.getPrototypeOf(value);
      const tag = `${kind}${prototype === null ? '' : identity(prototype)}`;
      switch (kind) {
        case 'array':
          return `${tag}[${elements(value, value.length)}|${properties(value, true)}]`;
        case 'typed':
          return `${tag}[${elements(value, p.typedArrayLength(value))}]`;
        case 'map':
          return `${tag}(${entries(value, p.mapForEach)})`;
        case 'set':
          return `${tag}(${entries(value, p.setForEach)})`;
        case 'date':
          return `${tag}(${p.dateGetTime(value)})`;
        case 'regexp':
          return `${tag}(${p.quote(p.regexpSource(value))}${p.regexpFlags(value)})`;
        case 'number':
          return `${tag}(${primitive(p.numberValueOf(value))})`;
        case 'string':
          return `${tag}(${primitive(p.stringValueOf(value))})`;
        case 'boolean':
          return `${tag}(${p.booleanValueOf(value)})`;
        case 'error':
          return `${tag}(${encode(value.message)}|${properties(value, false)})`;
        default:
          if (value instanceof p.Promise) return `@${identity(value)}`;
          return `${tag}{${properties(value, false)}}`;
      }
    };
    return encode(root);
  };

  function isIndex(key) {
    const code = p.charCodeAt(key, 0);
    return code >= 48 && code <= 57;
  }
};
