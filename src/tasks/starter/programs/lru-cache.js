/**
 * useCache(capacity, steps) runs steps on a cache that holds at most `capacity` keys and drops the least recently used one
 * when it overflows. A step is ["put", key, value] or ["get", key]; reading and writing both count as use. It gives the
 * results of the gets in order, null for a key that is not held.
 */
class LruCache {
  constructor(capacity) {
    this.capacity = capacity;
    this.entries = new Map();
  }

  get(key) {
    if (!this.entries.has(key)) {
      return null;
    }
    const value = this.entries.get(key);
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  put(key, value) {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.capacity) {
      const oldest = this.entries.keys().next().value;
      this.entries.delete(oldest);
    }
  }
}

function useCache(capacity, steps) {
  const cache = new LruCache(capacity);
  const results = [];
  for (const [kind, key, value] of steps) {
    if (kind === 'get') {
      results.push(cache.get(key));
    } else {
      cache.put(key, value);
    }
  }
  return results;
}

// public
//   useCache(2, [['put', 'a', 1], ['put', 'b', 2], ['get', 'a'], ['get', 'c']]) -> [1, null]
//   useCache(1, [['put', 'a', 1], ['put', 'b', 2], ['get', 'a'], ['get', 'b']]) -> [null, 2]
// hidden
//   useCache(2, []) -> []
//   useCache(2, [['put', 'a', 1], ['put', 'b', 2], ['get', 'a'], ['put', 'c', 3], ['get', 'b'], ['get', 'a']]) -> [1, null, 1]
//   useCache(2, [['put', 'a', 1], ['put', 'b', 2], ['put', 'a', 9], ['put', 'c', 3], ['get', 'a'], ['get', 'b']]) -> [9, null]
//   useCache(0, [['put', 'a', 1], ['get', 'a']]) -> [null]
//   useCache(3, [['put', 'a', 0], ['get', 'a'], ['put', 'a', null], ['get', 'a']]) -> [0, null]
//   useCache(2, [['put', 'a', 1], ['put', 'b', 2], ['put', 'c', 3], ['get', 'c'], ['get', 'b'], ['get', 'a']]) -> [3, 2, null]
//   useCache(2, [['put', 'a', 1], ['get', 'x'], ['put', 'b', 2], ['get', 'a'], ['get', 'b']]) -> [null, 1, 2]
