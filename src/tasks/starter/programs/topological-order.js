/**
 * buildOrder(needs) takes an object that maps each step to the steps it needs first, and gives an order in which every step
 * comes after what it needs. Among steps that are ready the alphabetically first goes first. It gives null when the steps
 * need each other in a circle. A step that is only needed is a step too.
 */
function buildOrder(needs) {
  const waiting = new Map();
  for (const [step, before] of Object.entries(needs)) {
    waiting.set(step, new Set(before));
    for (const other of before) {
      if (!waiting.has(other)) {
        waiting.set(other, new Set());
      }
    }
  }
  for (const step of Object.keys(needs)) {
    waiting.set(step, new Set(needs[step]));
  }
  const order = [];
  while (waiting.size > 0) {
    const ready = [...waiting.keys()].filter((step) => waiting.get(step).size === 0).sort();
    if (ready.length === 0) {
      return null;
    }
    const next = ready[0];
    order.push(next);
    waiting.delete(next);
    for (const before of waiting.values()) {
      before.delete(next);
    }
  }
  return order;
}

// public
//   buildOrder({ eat: ['cook'], cook: ['shop'], shop: [] }) -> ['shop', 'cook', 'eat']
//   buildOrder({ a: ['b'], b: ['a'] }) -> null
// hidden
//   buildOrder({}) -> []
//   buildOrder({ c: [], a: [], b: [] }) -> ['a', 'b', 'c']
//   buildOrder({ z: ['m'] }) -> ['m', 'z']
//   buildOrder({ a: ['a'] }) -> null
//   buildOrder({ d: ['b', 'c'], b: ['a'], c: ['a'] }) -> ['a', 'b', 'c', 'd']
//   buildOrder({ a: ['z'], b: [], z: [] }) -> ['b', 'z', 'a']
//   buildOrder({ x: [], y: ['x'], p: ['q'], q: ['p'] }) -> null
