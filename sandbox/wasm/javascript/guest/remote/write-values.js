/**
 * Values as JSON text: primitives in place, everything else as a number whose record is written once, and again when the
 * thing has changed since. Own data properties only: no getter is run. Never recursive, so depth does not matter.
 */
(p, named, entries) => {
  const nodesMax = 1_000_000;
  const charsMax = 15 * 1024 * 1024;
  const symbolKey = Symbol.keyFor;
  const { toPrimitive } = Symbol;
  const symbolText = p.uncurry(p.getOwnPropertyDescriptor(Symbol.prototype, 'description').get);
  const typedPrototype = p.getPrototypeOf(Uint8Array.prototype);
  const getter = (key) => p.uncurry(p.getOwnPropertyDescriptor(typedPrototype, key).get);
  const typedBuffer = getter('buffer');
  const typedOffset = getter('byteOffset');
  // V8 keeps the stack behind a pair of accessors on every error, the same for all.
  const stackOf = p.getOwnPropertyDescriptor(new p.Error('a'), 'stack');
  const stackGetter = stackOf === undefined ? undefined : stackOf.get;
  let stamps = 0;

  return () => {
    stamps += 1;
    const stamp = stamps;
    const queue = p.list();
    const undo = p.list();
    let records = '';
    let nodes = 0;

    const value = (given) => {
      nodes += 1;
      if (nodes > nodesMax || records.length > charsMax)
        throw new p.TypeError('The value is too large to pass');
      switch (typeof given) {
        case 'string':
          return p.quote(given);
        case 'number':
          return p.isFinite(given) && (given !== 0 || 1 / given > 0)
            ? `${given}`
            : `["n","${given === 0 ? '-0' : given}"]`;
        case 'bigint':
          return `["i","${given}"]`;
        case 'boolean':
          return given ? 'true' : 'false';
        case 'undefined':
          return '["u"]';
        case 'symbol':
          return symbol(given);
        default:
          return given === null ? 'null' : reference(given);
      }
    };
    const symbol = (given) => {
      const name = named.nameOfSymbol(given);
      if (name !== undefined) return `["w",${p.quote(name)}]`;
      const registered = symbolKey(given);
      return registered === undefined ? visit(entries.of(given)) : `["k",${p.quote(registered)}]`;
    };
    const reference = (given) => {
      const name = named.nameOf(given);
      return name === undefined ? visit(entries.of(given)) : `["w",${p.quote(name)}]`;
    };
    const visit = (entry) => {
      if (entry.stamp !== stamp) {
        entry.stamp = stamp;
        if (entry.copy || (entry.text === null && !entry.theirs)) queue[queue.length] = entry;
      }
      return `["r",${entry.id}]`;
    };
    const property = (descriptor) =>
      descriptor === undefined ? '["h"]' : 'value' in descriptor ? value(descriptor.value) : '["u"]';
    const isIndex = (key) => {
      if (typeof key !== 'string') return false;
      const code = p.charCodeAt(key, 0);
      return code >= 48 && code <= 57;
    };
    const properties = (object, skipIndices) => {
      const keys = p.ownKeys(object);
      let text = '';
      for (let index = 0; index < keys.length; index += 1) {
        const key = keys[index];
        if (skipIndices && isIndex(key)) continue;
        const descriptor = p.getOwnPropertyDescriptor(object, key);
        if (descriptor === undefined || !descriptor.enumerable) continue;
        text += `,${value(key)},${property(descriptor)}`;
      }
      return text;
    };
    const elements = (object) => {
      const { length } = object;
      const sparse = length > 100_000 && p.ownKeys(object).length < length / 2;
      if (sparse) return `${length},[]${properties(object, false)}`;
      let text = '';
      for (let index = 0; index < length; index += 1)
        text += (index === 0 ? '' : ',') + property(p.getOwnPropertyDescriptor(object, `${index}`));
      return `${length},[${text}]${properties(object, true)}`;
    };
    const items = (object, forEach, withKeys) => {
      let text = '';
      forEach(object, (item, key) => {
        text += withKeys ? `,${value(key)},${value(item)}` : `,${value(item)}`;
      });
      return text;
    };
    const error = (object) => {
      let text = '';
      const keys = p.ownKeys(object);
      for (let index = 0; index < keys.length; index += 1) {
        const descriptor = p.getOwnPropertyDescriptor(object, keys[index]);
        if (descriptor === undefined) continue;
        // Hidden, it is none of the candidate's (`read-values.js`).
        if (keys[index] === toPrimitive && !descriptor.enumerable) continue;
        const isStack = stackGetter !== undefined && descriptor.get === stackGetter;
        if (!('value' in descriptor) && !isStack) continue;
        const given = isStack ? p.apply(stackGetter, object, []) : descriptor.value;
        text += `,${value(keys[index])},${descriptor.enumerable ? 1 : 0},${value(given)}`;
      }
      return text;
    };
    const bytes = (buffer) => {
      const view = new p.Uint8Array(buffer);
      const { length } = view;
      let text = '';
      for (let index = 0; index < length; index += 1)
        text += (view[index] < 16 ? '0' : '') + view[index].toString(16);
      return p.quote(text);
    };
    const name = (object) => {
      const descriptor = p.getOwnPropertyDescriptor(object, 'name');
      return p.quote(
        descriptor !== undefined && typeof descriptor.value === 'string' ? descriptor.value : '',
      );
    };
    const body = (object, kind) => {
      switch (kind) {
        case 'function':
          return `,${name(object)}`;
        case 'symbol': {
          const text = symbolText(object);
          return text === undefined ? '' : `,${p.quote(text)}`;
        }
        case 'plain':
          return properties(object, false);
        case 'array':
          return `,${elements(object)}`;
        case 'map':
          return items(object, p.mapForEach, true);
        case 'set':
          return items(object, p.setForEach, false);
        case 'date':
          return `,${value(p.dateGetTime(object))}`;
        case 'regexp':
          return `,${p.quote(p.regexpSource(object))},${p.quote(p.regexpFlags(object))},${value(object.lastIndex)}`;
        case 'number':
          return `,${value(p.numberValueOf(object))}`;
        case 'string':
          return `,${value(p.stringValueOf(object))}`;
        case 'boolean':
          return `,${value(p.booleanValueOf(object))}`;
        case 'error':
          return error(object);
        case 'buffer':
          return `,${bytes(object)}`;
        case 'typed':
          return `,${p.quote(p.typedArrayName(object))},${value(typedBuffer(object))},${typedOffset(object)},${p.typedArrayLength(object)}`;
        default:
          return ''; // live, promise
      }
    };
    const record = ({ value: object, kind }) => {
      const prototype = kind === 'symbol' || kind === 'promise' ? null : p.getPrototypeOf(object);
      return `"${kind}",${value(prototype)}${body(object, kind)}`;
    };
    const drain = () => {
      for (let at = 0; at < queue.length; at += 1) {
        const entry = queue[at];
        const text = record(entry);
        if (text === entry.text) continue;
        undo[undo.length] = { entry, text: entry.text };
        entry.text = text;
        records += `${records === '' ? '' : ','}[${entry.id},${text}]`;
      }
    };
    return {
      __proto__: null,
      value,
      /** The records of everything that was mentioned. */
      records() {
        drain();
        if (records.length > charsMax) throw new p.TypeError('The value is too large to pass');
        return `[${records}]`;
      },
      /** Nothing of this was sent. */
      abandon() {
        for (let index = 0; index < undo.length; index += 1) undo[index].entry.text = undo[index].text;
      },
    };
  };
};
