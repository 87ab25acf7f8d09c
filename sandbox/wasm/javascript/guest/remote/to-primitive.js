/** What an object is as a primitive, by its own methods in the order of the language; `hint` as the language gives it. */
(p) => {
  const { toPrimitive } = Symbol;
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  return (object, hint) => {
    const own = object[toPrimitive];
    const isOwn = own !== undefined && own !== null;
    const keys = hint === 'string' ? ['toString', 'valueOf'] : ['valueOf', 'toString'];
    for (let index = 0; index < (isOwn ? 1 : 2); index += 1) {
      const method = isOwn ? own : object[keys[index]];
      if (typeof method !== 'function') {
        if (isOwn) throw new p.TypeError('Symbol.toPrimitive is not a function');
        continue;
      }
      const value = p.apply(method, object, isOwn ? [hint] : []);
      if (!isObject(value)) return value;
    }
    throw new p.TypeError('Cannot convert object to primitive value');
  };
};
