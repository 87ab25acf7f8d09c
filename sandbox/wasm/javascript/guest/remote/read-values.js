/** Reads what `write-values.js` wrote: makes what is new, and brings up to date in place what is known. */
(p, named, entries, link, makeStandIn) => {
  const mapClear = p.uncurry(Map.prototype.clear);
  const setClear = p.uncurry(Set.prototype.clear);
  const setAdd = p.uncurry(Set.prototype.add);
  const dateSetTime = p.uncurry(Date.prototype.setTime);
  const RealDate = Date;
  const RealSet = Set;
  const RealRegExp = RegExp;
  const RealArrayBuffer = ArrayBuffer;
  const toBigInt = BigInt;
  const toObject = Object;
  const { for: symbolFor } = Symbol;
  const numbers = { __proto__: null, NaN, Infinity, '-Infinity': -Infinity, '-0': -0 };

  const malformed = () => new p.TypeError('The candidate answered with something that is no value');
  const value = (text) => {
    if (text === null || typeof text !== 'object') return text;
    switch (text[0]) {
      case 'u':
        return undefined;
      case 'n':
        return numbers[text[1]];
      case 'i':
        return toBigInt(text[1]);
      case 'w':
        return named.find(text[1]);
      case 'k':
        return symbolFor(text[1]);
      case 'r': {
        const entry = entries.get(text[1]);
        if (entry === undefined) throw malformed();
        return entry.value;
      }
      default:
        throw malformed();
    }
  };
  const put = (object, key, given, enumerable) =>
    p.defineProperty(object, key, {
      __proto__: null,
      value: given,
      writable: true,
      enumerable,
      configurable: true,
    });
  const { toPrimitive } = Symbol;
  const conversions = ['valueOf', 'toString', toPrimitive];
  /** A copy may have functions of the candidate's that say what it is as a primitive: they are asked once. */
  const fixPrimitive = (object) => {
    for (let index = 0; index < conversions.length; index += 1) {
      const descriptor = p.getOwnPropertyDescriptor(object, conversions[index]);
      if (descriptor === undefined || typeof descriptor.value !== 'function') continue;
      put(object, toPrimitive, (hint) => link.read('primitive', [object, hint]), false);
      return;
    }
  };
  const clear = (object) => {
    const keys = p.ownKeys(object);
    for (let index = 0; index < keys.length; index += 1) p.deleteProperty(object, keys[index]);
  };
  const bytes = (buffer, text) => {
    const view = new p.Uint8Array(buffer);
    for (let index = 0; index < view.length; index += 1)
      view[index] = +`0x${p.stringSlice(text, index * 2, index * 2 + 2)}`;
  };
  /** Something of the right kind; what is in it comes when everything exists. */
  const shell = (entry, record) => {
    switch (entry.kind) {
      case 'plain':
        return {};
      case 'array':
        return [];
      case 'map':
        return new p.Map();
      case 'set':
        return new RealSet();
      case 'date':
        return new RealDate(0);
      case 'regexp':
        return new RealRegExp(record[3], record[4]);
      case 'number':
      case 'string':
      case 'boolean':
        return toObject(value(record[3]));
      case 'error':
        return new p.Error();
      case 'buffer':
        return new RealArrayBuffer(record[3].length / 2);
      case 'typed': {
        const Kind = named.find(record[3]);
        if (typeof record[3] !== 'string' || record[3].length < 6 || p.stringSlice(record[3], -5) !== 'Array')
          throw malformed();
        return new Kind(value(record[4]), record[5], record[6]);
      }
      default:
        return makeStandIn(entry, record);
    }
  };
  const fillArray = (array, record) => {
    array.length = 0;
    clear(array);
    const items = record[4];
    array.length = record[3];
    // An assignment would ask a prototype that is elsewhere.
    const isOrdinary = p.getPrototypeOf(array) === p.arrayPrototype;
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      if (item !== null && typeof item === 'object' && item[0] === 'h') continue;
      const given = value(item);
      if (isOrdinary) array[index] = given;
      else put(array, index, given, true);
    }
    for (let at = 5; at + 1 < record.length; at += 2)
      if (record[at] !== 'length') put(array, value(record[at]), value(record[at + 1]), true);
  };
  const fill = ({ kind, value: object }, record) => {
    const prototype = value(record[2]);
    if (p.getPrototypeOf(object) !== prototype) p.setPrototypeOf(object, prototype);
    switch (kind) {
      case 'plain':
        clear(object);
        for (let at = 3; at + 1 < record.length; at += 2)
          put(object, value(record[at]), value(record[at + 1]), true);
        return;
      case 'array':
        fillArray(object, record);
        return;
      case 'map':
        mapClear(object);
        for (let at = 3; at + 1 < record.length; at += 2)
          p.mapSet(object, value(record[at]), value(record[at + 1]));
        return;
      case 'set':
        setClear(object);
        for (let at = 3; at < record.length; at += 1) setAdd(object, value(record[at]));
        return;
      case 'date':
        dateSetTime(object, value(record[3]));
        return;
      case 'regexp':
        object.lastIndex = value(record[5]);
        return;
      case 'error':
        clear(object);
        for (let at = 3; at + 2 < record.length; at += 3)
          put(object, value(record[at]), value(record[at + 2]), record[at + 1] === 1);
        return;
      case 'buffer':
        bytes(object, record[3]);
        return;
    }
  };
  const order = { __proto__: null, buffer: 0, typed: 1 };
  /** What a record's text is when this side writes it, so that it is not sent back unchanged. */
  const textOf = (record) => {
    const text = p.quote(record);
    return p.stringSlice(text, p.stringIndexOf(text, ',') + 1, text.length - 1);
  };
  return {
    __proto__: null,
    value,
    records(list) {
      const met = p.list();
      for (let round = 0; round < 3; round += 1) {
        for (let index = 0; index < list.length; index += 1) {
          const record = list[index];
          const kind = record[1];
          if ((order[kind] ?? 2) !== round) continue;
          let entry = entries.get(record[0]);
          if (entry === undefined) {
            entry = entries.receive(record[0], kind);
            entry.value = shell(entry, record);
            entries.index(entry);
          } else if (entry.kind !== kind || !entry.copy) throw malformed();
          met[met.length] = { entry, record };
        }
      }
      for (let index = 0; index < met.length; index += 1) {
        const { entry, record } = met[index];
        if (entry.copy) {
          fill(entry, record);
          if (link.isFixing) fixPrimitive(entry.value);
          entry.text = textOf(record);
        } else if (entry.kind !== 'symbol' && entry.kind !== 'promise') entry.prototype = value(record[2]);
      }
    },
  };
};
