/**
 * A value as a person would write it, bounded in length and depth. For reading only: nothing is decided from it, and no
 * getter of a candidate is run for it.
 */
(p, kindOf) => {
  const charsMax = 2_400;
  const depthMax = 12;

  const nameOfClass = (value) => {
    const holder = p.getPrototypeOf(value);
    if (holder === null) return '';
    let descriptor = p.getOwnPropertyDescriptor(holder, 'constructor');
    let maker = descriptor === undefined ? undefined : descriptor.value;
    if (descriptor !== undefined && maker === undefined) maker = holder.constructor;
    if (typeof maker !== 'function') return '';
    descriptor = p.getOwnPropertyDescriptor(maker, 'name');
    return descriptor !== undefined && typeof descriptor.value === 'string' ? `${descriptor.value} ` : '';
  };

  const plainKey = (key) => {
    for (let index = 0; index < key.length; index += 1) {
      const code = p.charCodeAt(key, index);
      const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36;
      if (!letter && !(index > 0 && code >= 48 && code <= 57)) return false;
    }
    return key.length > 0;
  };

  return (root) => {
    let text = '';
    const path = p.list();
    const full = () => text.length > charsMax;
    const add = (value) => {
      if (typeof value === 'string') {
        const shown = value.length > charsMax ? p.stringSlice(value, 0, charsMax) : value;
        text += p.quote(shown);
        if (shown.length < value.length) text += `… [${value.length - shown.length} more characters]`;
      } else if (typeof value === 'number') text += value === 0 && 1 / value < 0 ? '-0' : `${value}`;
      else if (typeof value === 'bigint') text += `${value}n`;
      else if (typeof value === 'symbol') text += p.symbolToString(value);
      else if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
        text += `${value}`;
      else addObject(value);
    };
    const addObject = (value) => {
      for (let depth = 0; depth < path.length; depth += 1) {
        if (path[depth] === value) {
          text += '[circular]';
          return;
        }
      }
      if (path.length >= depthMax) {
        text += '…';
        return;
      }
      path[path.length] = value;
      addByKind(value, kindOf(value));
      path.length -= 1;
    };
    const separate = (first) => {
      if (!first) text += ', ';
    };
    const addElements = (value, length) => {
      for (let index = 0; index < length; index += 1) {
        separate(index === 0);
        if (full()) {
          text += `… [${length - index} more]`;
          return;
        }
        const descriptor = p.getOwnPropertyDescriptor(value, `${index}`);
        if (descriptor === undefined) continue;
        if ('value' in descriptor) add(descriptor.value);
        else text += '[getter]';
      }
    };
    const addEntries = (value, forEach, withKeys) => {
      let first = true;
      forEach(value, (item, key) => {
        if (full()) return;
        separate(first);
        first = false;
        if (withKeys) {
          add(key);
          text += ' => ';
        }
        add(item);
      });
    };
    const addProperties = (value) => {
      const keys = p.ownKeys(value);
      let first = true;
      for (let index = 0; index < keys.length; index += 1) {
        const key = keys[index];
        const descriptor = p.getOwnPropertyDescriptor(value, key);
        if (descriptor === undefined || !descriptor.enumerable) continue;
        separate(first);
        first = false;
        if (full()) {
          text += '…';
          return;
        }
        text += typeof key === 'symbol' ? `[${p.symbolToString(key)}]` : plainKey(key) ? key : p.quote(key);
        text += ': ';
        if ('value' in descriptor) add(descriptor.value);
        else text += '[getter]';
      }
    };
    const wrap = (open, body, close) => {
      text += open;
      body();
      text += close;
    };
    const addByKind = (value, kind) => {
      if (kind === 'function') {
        const name = p.getOwnPropertyDescriptor(value, 'name');
        text += `[function ${name !== undefined && typeof name.value === 'string' ? name.value : ''}]`;
      } else if (kind === 'array') wrap('[', () => addElements(value, value.length), ']');
      else if (kind === 'plain') wrap('{', () => addProperties(value), '}');
      else if (kind === 'typed')
        wrap(`${nameOfClass(value)}[`, () => addElements(value, p.typedArrayLength(value)), ']');
      else if (kind === 'map') wrap('Map {', () => addEntries(value, p.mapForEach, true), '}');
      else if (kind === 'set') wrap('Set {', () => addEntries(value, p.setForEach, false), '}');
      else if (kind === 'date') {
        const time = p.dateGetTime(value);
        text += p.isFinite(time) ? `Date(${p.dateToISO(value)})` : 'Date(invalid)';
      } else if (kind === 'regexp') text += `/${p.regexpSource(value)}/${p.regexpFlags(value)}`;
      else if (kind === 'error') {
        text += `${nameOfClass(value)}(`;
        const message = p.getOwnPropertyDescriptor(value, 'message');
        if (message !== undefined && 'value' in message) add(message.value);
        text += ')';
      } else if (kind === 'number') wrap('Number(', () => add(p.numberValueOf(value)), ')');
      else if (kind === 'string') wrap('String(', () => add(p.stringValueOf(value)), ')');
      else if (kind === 'boolean') wrap('Boolean(', () => add(p.booleanValueOf(value)), ')');
      else if (value instanceof p.Promise) text += 'Promise {…}';
      else wrap(`${nameOfClass(value)}{`, () => addProperties(value), '}');
    };
    add(root);
    return text.length > charsMax * 2 ? `${p.stringSlice(text, 0, charsMax * 2)}…` : text;
  };
};
