/** What an object is by its internal slots, which cannot be pretended: the accessors throw on anything else. */
(p) => {
  const probes = [
    ['map', p.mapSize],
    ['set', p.setSize],
    ['date', p.dateGetTime],
    ['regexp', p.regexpSource],
    ['number', p.numberValueOf],
    ['string', p.stringValueOf],
    ['boolean', p.booleanValueOf],
  ];
  return (object) => {
    if (typeof object === 'function') return 'function';
    if (p.isArray(object)) return 'array';
    const prototype = p.getPrototypeOf(object);
    if (prototype === p.objectPrototype || prototype === null) return 'plain';
    if (p.isError(object)) return 'error';
    if (p.typedArrayName(object) !== undefined) return 'typed';
    for (let index = 0; index < probes.length; index += 1) {
      try {
        probes[index][1](object);
        return probes[index][0];
      } catch {
        // not this one
      }
    }
    return 'instance';
  };
};
