/**
 * processJobs(steps) works with a queue of jobs: ["add", name, priority] puts one in, ["next"] takes out the one with the
 * highest priority (the earliest among equals). It gives what the "next" steps took, null where the queue was empty. The
 * queue is a binary heap.
 */
class Heap {
  constructor(isBefore) {
    this.isBefore = isBefore;
    this.items = [];
  }

  swap(i, j) {
    [this.items[i], this.items[j]] = [this.items[j], this.items[i]];
  }

  push(item) {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(this.items[at], this.items[parent])) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop() {
    if (this.items.length === 0) return null;
    this.swap(0, this.items.length - 1);
    const top = this.items.pop();
    let at = 0;
    for (;;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.items.length && this.isBefore(this.items[child], this.items[first])) first = child;
      }
      if (first === at) return top;
      this.swap(at, first);
      at = first;
    }
  }
}

function processJobs(steps) {
  const heap = new Heap(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.order < b.order),
  );
  const taken = [];
  steps.forEach(([kind, name, priority], order) => {
    if (kind === 'add') heap.push({ name, priority, order });
    else taken.push(heap.pop()?.name ?? null);
  });
  return taken;
}

// public
//   processJobs([['add', 'a', 1], ['add', 'b', 5], ['next'], ['next']]) -> ['b', 'a']
//   processJobs([['next']]) -> [null]
// hidden
//   processJobs([]) -> []
//   processJobs([['add', 'x', 2], ['add', 'y', 2], ['add', 'z', 2], ['next'], ['next'], ['next'], ['next']]) -> ['x', 'y', 'z', null]
//   processJobs([['add', 'a', 3], ['add', 'b', 1], ['add', 'c', 2], ['next'], ['add', 'd', 9], ['next'], ['next'], ['next']]) -> ['a', 'd', 'c', 'b']
//   processJobs([['add', 'a', 1], ['add', 'b', 2], ['add', 'c', 3], ['add', 'd', 4], ['add', 'e', 5], ['next'], ['next'], ['next'], ['next'], ['next']]) -> ['e', 'd', 'c', 'b', 'a']
//   processJobs([['add', 'a', 5], ['add', 'b', 4], ['add', 'c', 5], ['add', 'd', 4], ['add', 'e', 5], ['next'], ['next'], ['next'], ['next'], ['next']]) -> ['a', 'c', 'e', 'b', 'd']
//   processJobs([['add', 'n', -1], ['add', 'm', 0], ['next'], ['next'], ['add', 'k', -5], ['next']]) -> ['m', 'n', 'k']
