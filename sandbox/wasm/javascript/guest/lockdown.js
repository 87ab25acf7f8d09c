/**
 * Makes the standard methods read-only, so that no candidate changes what a test means: `Array.prototype.every`,
 * `Object.is`, `Math.abs`, iterators, `then`. Adding new properties stays possible. Names that programs often give to
 * their own objects (`toString`, `name`, `constructor` …) become accessors whose setter defines the property on the
 * receiver, because a read-only inherited data property would make such an assignment fail.
 */
(p) => {
  const often = p.create(null);
  const names = [
    'constructor',
    'toString',
    'toLocaleString',
    'valueOf',
    'toJSON',
    'name',
    'message',
    'length',
  ];
  for (let index = 0; index < names.length; index += 1) often[names[index]] = true;

  const asAccessor = (holder, key, descriptor) => {
    const { value } = descriptor;
    p.defineProperty(holder, key, {
      __proto__: null,
      get: () => value,
      set(given) {
        if (this === holder || (typeof this !== 'object' && typeof this !== 'function') || this === null)
          return;
        p.defineProperty(this, key, {
          __proto__: null,
          value: given,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
      enumerable: false,
      configurable: false,
    });
  };

  const seen = new p.WeakMap();
  const lock = (holder, allAccessors) => {
    if (p.weakGet(seen, holder) === true) return;
    p.weakSet(seen, holder, true);
    const isFunction = typeof holder === 'function';
    const keys = p.ownKeys(holder);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index];
      const descriptor = p.getOwnPropertyDescriptor(holder, key);
      if (!descriptor.configurable || (isFunction && (key === 'name' || key === 'length'))) continue;
      if ('value' in descriptor && (allAccessors || often[key] === true)) asAccessor(holder, key, descriptor);
      else if ('value' in descriptor) {
        p.defineProperty(holder, key, { __proto__: null, writable: false, configurable: false });
      } else p.defineProperty(holder, key, { __proto__: null, configurable: false });
    }
  };

  // `JSON.stringify` asks every object for `toJSON`: what is not there can be added, so it is there, and undefined.
  const jsonHolders = [Object, Array, String, Number, Boolean, Function];
  for (let index = 0; index < jsonHolders.length; index += 1) {
    asAccessor(jsonHolders[index].prototype, 'toJSON', { value: undefined });
  }

  lock(Object.prototype, true);
  lock(Function.prototype, false);
  const errors = [
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    InternalError,
    AggregateError,
  ];
  for (let index = 0; index < errors.length; index += 1) lock(errors[index].prototype, true);

  const iterators = [
    [][Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ''[Symbol.iterator](),
    'a'.matchAll(/a/g),
  ];
  iterators[iterators.length] = (function* () {})();
  iterators[iterators.length] = (async function* () {})();
  iterators[iterators.length] = async () => {};
  iterators[iterators.length] = function* () {};
  iterators[iterators.length] = async function* () {};
  for (let index = 0; index < iterators.length; index += 1) {
    let prototype = p.getPrototypeOf(iterators[index]);
    while (prototype !== null && prototype !== Object.prototype && prototype !== Function.prototype) {
      lock(prototype, false);
      prototype = p.getPrototypeOf(prototype);
    }
  }

  const globals = p.ownKeys(globalThis);
  for (let index = 0; index < globals.length; index += 1) {
    const value = globalThis[globals[index]];
    if (value === globalThis || value === null) continue;
    if (typeof value === 'function') {
      lock(value, false);
      if (typeof value.prototype === 'object') lock(value.prototype, false);
      const parent = p.getPrototypeOf(value); // %TypedArray%
      if (typeof parent === 'function') {
        lock(parent, false);
        if (typeof parent.prototype === 'object') lock(parent.prototype, false);
      }
    } else if (typeof value === 'object') lock(value, false); // JSON, Math, Reflect
  }
};
