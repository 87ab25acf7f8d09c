import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurnHeap } from '../../../sandbox/schedule/turn-heap.ts';

interface Member {
  readonly value: number;
  readonly id: number;
  heapIndex: number;
}

const isBefore = (left: Member, right: Member): boolean =>
  left.value === right.value ? left.id < right.id : left.value < right.value;

describe('a heap of turns', () => {
  it('always has the least of its members first, whoever comes and goes', () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), value: fc.nat(20) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const heap = new TurnHeap(isBefore);
        let members: Member[] = [];
        for (const [id, step] of operations.entries()) {
          if (step.kind === 'add') {
            const member = { value: step.value, id, heapIndex: -1 };
            members.push(member);
            heap.add(member);
          } else {
            const gone = members[step.at % Math.max(1, members.length)];
            if (gone === undefined) continue;
            heap.remove(gone);
            heap.remove(gone); // what is not in it stays out
            members = members.filter((member) => member !== gone);
          }
          expect(heap.first).toBe(
            members.toSorted((left, right) => (isBefore(left, right) ? -1 : 1))[0] ?? null,
          );
        }
      }),
    );
  });

  it.each([1000, 10_000, 100_000])('of %i takes at most three comparisons a level for one turn', (size) => {
    let comparisons = 0;
    const heap = new TurnHeap<Member>((left, right) => {
      comparisons += 1;
      return isBefore(left, right);
    });
    const members = Array.from({ length: size }, (_, id) => ({
      value: (id * 7919) % size,
      id,
      heapIndex: -1,
    }));
    for (const member of members) heap.add(member);
    comparisons = 0;
    for (let turn = 0; turn < 1000; turn += 1) {
      const { first } = heap;
      if (first === null) throw new Error('the heap is not empty');
      heap.remove(first);
      heap.add({ ...first, value: first.value + size });
    }
    expect(comparisons / 1000).toBeLessThanOrEqual(3 * Math.ceil(Math.log2(size)));
  });
});
