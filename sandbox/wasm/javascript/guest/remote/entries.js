/**
 * What has crossed the line, by number on both sides. `copy`: both sides have one, brought up to date whenever a message
 * mentions it. Otherwise it stays where it is, and the other side has a stand-in. One side counts in even numbers, the
 * other in odd ones.
 */
(p, kindOf, firstId, keepsFunctionsHome) => {
  const entries = new p.Map();
  const byId = new p.Map();
  const bufferLength = p.uncurry(p.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get);
  let next = firstId;

  const isBuffer = (object) => {
    try {
      bufferLength(object);
      return true;
    } catch {
      return false;
    }
  };
  /** An object of which a copy would not be the same: it has functions (which may know it), getters or hidden properties. */
  const isLive = (object) => {
    const keys = p.ownKeys(object);
    for (let index = 0; index < keys.length; index += 1) {
      const descriptor = p.getOwnPropertyDescriptor(object, keys[index]);
      if (descriptor === undefined) continue;
      if (!('value' in descriptor) || !descriptor.enumerable) return true;
      if (keepsFunctionsHome && typeof descriptor.value === 'function') return true;
    }
    return false;
  };
  const classify = (object, entry) => {
    const kind = kindOf(object);
    if (kind === 'plain') return isLive(object) ? 'live' : 'plain';
    if (kind !== 'instance') return kind;
    try {
      p.promiseThen(
        object,
        (value) => settled(entry, true, value),
        (error) => settled(entry, false, error),
      );
      return 'promise';
    } catch {
      return isBuffer(object) ? 'buffer' : 'live';
    }
  };
  let outcomes = p.list();
  const settled = (entry, fulfilled, value) => {
    outcomes[outcomes.length] = { entry, fulfilled, value };
  };
  const isCopy = (kind) => kind !== 'function' && kind !== 'live' && kind !== 'promise' && kind !== 'symbol';

  const add = (id, value, kind, theirs) => {
    // All properties are the entry's own, so that none is looked for in a prototype (an object without one is slow).
    const entry = {
      id,
      value,
      kind,
      theirs,
      copy: isCopy(kind),
      text: null, // the record as both sides have it, once it has been sent
      stamp: 0,
      prototype: null,
      own: null,
      ownKeys: null,
      ownVersion: -1,
      resolve: null,
      reject: null,
    };
    p.mapSet(byId, id, entry);
    return entry;
  };
  const index = (entry) => {
    p.mapSet(entries, entry.value, entry);
    return entry;
  };
  return {
    __proto__: null,
    get: (id) => p.mapGet(byId, id),
    /** One that the other side has numbered; its value follows. */
    receive: (id, kind) => add(id, undefined, kind, true),
    index,
    of(value) {
      const known = p.mapGet(entries, value);
      if (known !== undefined) return known;
      const entry = add(next, value, 'symbol', false);
      next += 2;
      if (typeof value !== 'symbol') {
        entry.kind = classify(value, entry);
        entry.copy = isCopy(entry.kind);
      }
      return index(entry);
    },
    /** Something that the other side made, of which this one has a copy or a stand-in. */
    isTheirs: (value) => p.mapGet(entries, value)?.theirs === true,
    /** Something of this side that the other has been given. */
    isGiven(value) {
      const entry = p.mapGet(entries, value);
      return entry !== undefined && !entry.theirs && entry.text !== null;
    },
    /** Promises of this side that have settled since the last call. */
    takeOutcomes() {
      const taken = outcomes;
      outcomes = p.list();
      return taken;
    },
    hasOutcomes: () => outcomes.length > 0,
  };
};
