/**
 * Captured before any candidate exists. Everything else in this folder uses these and operators only: no method call on
 * a value that a candidate could have touched, no iteration protocol, no regular expression methods.
 */
() => {
  const {
    apply,
    defineProperty,
    deleteProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    setPrototypeOf,
  } = Reflect;
  const { create } = Object;
  const uncurry =
    (method) =>
    (self, ...rest) =>
      apply(method, self, rest);
  const getter = (prototype, key) => uncurry(getOwnPropertyDescriptor(prototype, key).get);
  const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
  return {
    __proto__: null,
    apply,
    create,
    defineProperty,
    deleteProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    setPrototypeOf,
    uncurry,
    isArray: Array.isArray,
    objectPrototype: Object.prototype,
    arrayPrototype: Array.prototype,
    errorPrototype: Error.prototype,
    functionToString: uncurry(Function.prototype.toString),
    quote: JSON.stringify,
    symbolToString: uncurry(Symbol.prototype.toString),
    stringSlice: uncurry(String.prototype.slice),
    stringIndexOf: uncurry(String.prototype.indexOf),
    charCodeAt: uncurry(String.prototype.charCodeAt),
    mapSize: getter(Map.prototype, 'size'),
    mapForEach: uncurry(Map.prototype.forEach),
    mapGet: uncurry(Map.prototype.get),
    mapSet: uncurry(Map.prototype.set),
    setSize: getter(Set.prototype, 'size'),
    setForEach: uncurry(Set.prototype.forEach),
    weakGet: uncurry(WeakMap.prototype.get),
    weakSet: uncurry(WeakMap.prototype.set),
    dateGetTime: uncurry(Date.prototype.getTime),
    dateToISO: uncurry(Date.prototype.toISOString),
    regexpSource: getter(RegExp.prototype, 'source'),
    regexpFlags: getter(RegExp.prototype, 'flags'),
    numberValueOf: uncurry(Number.prototype.valueOf),
    stringValueOf: uncurry(String.prototype.valueOf),
    booleanValueOf: uncurry(Boolean.prototype.valueOf),
    typedArrayName: getter(typedArrayPrototype, Symbol.toStringTag),
    typedArrayLength: getter(typedArrayPrototype, 'length'),
    arraySort: uncurry(Array.prototype.sort),
    arrayJoin: uncurry(Array.prototype.join),
    fill: uncurry(Uint8Array.prototype.fill),
    promiseThen: uncurry(Promise.prototype.then),
    isError: Error.isError,
    isFinite,
    isNaN: Number.isNaN,
    Map,
    WeakMap,
    Promise,
    Uint8Array,
    Error,
    TypeError,
    /** The only list the harness grows: no prototype, so that no setter of a candidate is in the way. */
    list: () => {
      const list = [];
      setPrototypeOf(list, null);
      return list;
    },
  };
};
