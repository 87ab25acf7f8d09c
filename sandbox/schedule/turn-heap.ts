/** What a `TurnHeap` holds; the heap notes here where. -1: it is not in it. */
export interface HeapMember {
  heapIndex: number;
}

/**
 * A binary heap whose members may leave from anywhere: adding, removing and taking the first cost O(log n) comparisons. The
 * order of a member may change only while it is not in the heap.
 */
export class TurnHeap<Member extends HeapMember> {
  readonly #isBefore: (left: Member, right: Member) => boolean;
  readonly #members: Member[] = [];

  /** @param isBefore a strict order in which no two members are equal, so that the heap adds no order of its own */
  constructor(isBefore: (left: Member, right: Member) => boolean) {
    this.#isBefore = isBefore;
  }

  get first(): Member | null {
    return this.#members[0] ?? null;
  }

  add(member: Member): void {
    this.#members.push(member);
    member.heapIndex = this.#members.length - 1;
    this.#rise(member);
  }

  /** What is not in it stays out. */
  remove(member: Member): void {
    const index = member.heapIndex;
    const last = this.#members.at(-1);
    if (index < 0 || last === undefined) return;
    this.#members.pop();
    member.heapIndex = -1;
    if (last === member) return;
    this.#put(last, index);
    this.#sink(last);
    this.#rise(last);
  }

  #rise(member: Member): void {
    while (member.heapIndex > 0) {
      const above = this.#members[(member.heapIndex - 1) >> 1];
      if (above === undefined || !this.#isBefore(member, above)) return;
      this.#swap(member, above);
    }
  }

  #sink(member: Member): void {
    for (;;) {
      const left = this.#members[2 * member.heapIndex + 1];
      const right = this.#members[2 * member.heapIndex + 2];
      if (left === undefined) return;
      const below = right !== undefined && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(below, member)) return;
      this.#swap(member, below);
    }
  }

  #swap(left: Member, right: Member): void {
    const { heapIndex } = left;
    this.#put(left, right.heapIndex);
    this.#put(right, heapIndex);
  }

  #put(member: Member, index: number): void {
    this.#members[index] = member;
    member.heapIndex = index;
  }
}
