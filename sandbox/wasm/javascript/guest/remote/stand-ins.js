/**
 * What this side has in the place of a function or an object that stays on the other: a proxy whose every operation is
 * asked over there, a promise that settles when the other says so, a symbol of the same description.
 *
 * On the tests' side an operator is no way to run something of a candidate's with a value of the tests': what a thing is as
 * a primitive is asked once, `in` is answered from its own keys and those of its prototypes, `instanceof` from prototypes.
 */
(p, link) => {
  const { has } = Reflect;
  const { toPrimitive, hasInstance } = Symbol;
  const ordinaryHasInstance = Function.prototype[hasInstance];
  const RealProxy = Proxy;
  const RealSymbol = Symbol;
  const bind = p.uncurry(Function.prototype.bind);

  const bareFunction = () => {
    const bare = bind(class {}, undefined); // can be called and constructed, and has no prototype of its own
    p.deleteProperty(bare, 'name');
    p.deleteProperty(bare, 'length');
    return bare;
  };
  const joined = (list, more) => {
    for (let index = 0; index < more.length; index += 1) list[list.length] = more[index];
    return list;
  };
  const handlerOf = (entry) => {
    const ask = (operation, ...rest) => link.request(operation, joined([entry.value], rest));
    /** Own properties as they were fixed by one answer, kept until the other side runs something again. */
    const own = () => {
      if (entry.own === null || entry.ownVersion !== link.version()) {
        const flat = link.requestAll('own', [entry.value]);
        const keys = p.list();
        const found = new p.Map();
        for (let at = 0; at + 2 < flat.length; at += 3) {
          keys[keys.length] = flat[at];
          p.mapSet(found, flat[at], { __proto__: null, flags: flat[at + 1], value: flat[at + 2] });
        }
        entry.own = found;
        entry.ownKeys = keys;
        entry.ownVersion = link.version();
      }
      return entry.own;
    };
    /** What is asked for the value of `receiver`, which has this as itself or as a prototype. */
    const asPrimitive = (receiver) => (hint) => link.read('primitive', [receiver, hint]);
    const kept = (key) =>
      entry.own !== null && entry.ownVersion === link.version() ? p.mapGet(entry.own, key) : undefined;
    return {
      __proto__: null,
      apply: (_target, self, args) => link.request('call', joined([entry.value, self], args)),
      construct: (_target, args, newTarget) => link.request('new', joined([entry.value, newTarget], args)),
      get(_target, key, receiver) {
        if (link.isFixing && key === hasInstance)
          return entry.kind === 'function' ? ordinaryHasInstance : undefined;
        if (link.isFixing && key === toPrimitive && link.isTheirs(receiver)) return asPrimitive(receiver);
        const known = kept(key);
        return known !== undefined && known.flags < 2
          ? known.value
          : link.read('get', [entry.value, key, receiver]);
      },
      set: (_target, key, given, receiver) => ask('set', key, given, receiver),
      has(_target, key) {
        if (!link.isFixing) return ask('has', key);
        if (p.mapGet(own(), key) !== undefined) return true;
        return entry.prototype !== null && has(entry.prototype, key);
      },
      deleteProperty: (_target, key) => ask('delete', key),
      ownKeys() {
        own();
        const keys = [];
        for (let index = 0; index < entry.ownKeys.length; index += 1)
          p.defineProperty(keys, `${index}`, {
            __proto__: null,
            value: entry.ownKeys[index],
            writable: true,
            enumerable: true,
            configurable: true,
          });
        return keys;
      },
      getOwnPropertyDescriptor(_target, key) {
        const known = p.mapGet(own(), key);
        if (known === undefined) return undefined;
        const enumerable = known.flags % 2 === 1;
        return known.flags < 2
          ? { value: known.value, writable: true, enumerable, configurable: true }
          : {
              get: () => link.read('get', [entry.value, key, entry.value]),
              set: undefined,
              enumerable,
              configurable: true,
            };
      },
      defineProperty(_target, key, descriptor) {
        return ask('define', key, { ...descriptor });
      },
      getPrototypeOf: () => entry.prototype,
      setPrototypeOf: () => false,
      isExtensible: () => true,
      preventExtensions: () => false,
    };
  };
  return (entry, record) => {
    switch (entry.kind) {
      case 'function':
        return new RealProxy(bareFunction(), handlerOf(entry));
      case 'live':
        return new RealProxy({}, handlerOf(entry));
      case 'symbol':
        return record.length > 3 ? RealSymbol(record[3]) : RealSymbol();
      case 'promise':
        return new p.Promise((resolve, reject) => {
          entry.resolve = resolve;
          entry.reject = reject;
        });
      default:
        throw new p.TypeError('The candidate answered with something that is no value');
    }
  };
};
