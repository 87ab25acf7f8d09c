import type { EpisodeEvent } from '../events/episode.ts';
import { effectKeyText } from '../events/shapes.ts';

/** Two events that answer to each other, or one that has no counterpart. */
export interface Aligned<Event> {
  readonly left: Event | null;
  readonly right: Event | null;
}

/** Above this the events between two anchors are not paired by type; they then stand one side after the other. */
const cellsMax = 1_000_000;

/**
 * Puts two histories of one task side by side. What has the same place in the search comes first: requests and answers by
 * effect key, scores and feedback by the execution they are about. Where the order of those differs, the most of them that are in
 * one order stay together. Between them, events of one type are paired in order.
 */
export function alignEvents<Event extends EpisodeEvent>(
  left: readonly Event[],
  right: readonly Event[],
): readonly Aligned<Event>[] {
  const aligned: Aligned<Event>[] = [];
  let [fromLeft, fromRight] = [0, 0];
  const upTo = (toLeft: number, toRight: number): void => {
    aligned.push(...byType(left.slice(fromLeft, toLeft), right.slice(fromRight, toRight)));
  };
  for (const [atLeft, atRight] of anchors(left, right)) {
    upTo(atLeft, atRight);
    aligned.push({ left: left[atLeft] as Event, right: right[atRight] as Event });
    [fromLeft, fromRight] = [atLeft + 1, atRight + 1];
  }
  upTo(left.length, right.length);
  return aligned;
}

/** Places of the events that both sides have, in an order that both have: the longest ascending sequence. */
function anchors(
  left: readonly EpisodeEvent[],
  right: readonly EpisodeEvent[],
): readonly (readonly [number, number])[] {
  const places = new Map(right.map((event, index) => [placeOf(event), index] as const));
  /** Every pair, linked to the one before it in the longest sequence that ends with it. */
  const chain: { readonly pair: readonly [number, number]; readonly before: number }[] = [];
  /** Of every length the sequence that ends earliest. */
  const tails: number[] = [];
  for (const [index, event] of left.entries()) {
    const at = places.get(placeOf(event));
    if (at === undefined) continue;
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((chain[tails[middle] ?? 0]?.pair[1] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    chain.push({ pair: [index, at], before: low === 0 ? -1 : (tails[low - 1] ?? -1) });
    tails[low] = chain.length - 1;
  }
  const found: (readonly [number, number])[] = [];
  for (let link = chain[tails.at(-1) ?? -1]; link !== undefined; link = chain[link.before])
    found.push(link.pair);
  return found.reverse();
}

/** What an event is about, so that no two of one history are about the same. */
function placeOf({ type, data }: EpisodeEvent): string {
  switch (type) {
    case 'CandidateGenerated':
      return data.key === null ? 'given program' : `generation ${effectKeyText(data.key)}`;
    case 'CandidateRejected':
    case 'GenerationFailed':
      return `generation ${effectKeyText(data.key)}`;
    case 'GenerationRequested':
      return `asked to generate ${effectKeyText(data.key)}`;
    case 'ExecutionRequested':
      return data.tests === 'hidden'
        ? `asked to grade ${data.key.attempt}`
        : `asked to execute ${effectKeyText(data.key)}`;
    case 'ExecutionFinished':
    case 'ExecutionFailed':
    case 'VerdictRecorded':
      return data.tests === 'hidden' ? `grading ${data.key.attempt}` : `execution ${effectKeyText(data.key)}`;
    case 'CandidateScored':
    case 'FeedbackComposed':
      return `${type} ${effectKeyText(data.execution)}`;
    case 'BudgetExhausted':
      return `${type} ${data.kind}`;
    default:
      return type;
  }
}

/** The longest common sequence of types, and what is left of both in between. */
function byType<Event extends EpisodeEvent>(
  left: readonly Event[],
  right: readonly Event[],
): readonly Aligned<Event>[] {
  const rows = left.length;
  const columns = right.length;
  const lone = (): Aligned<Event>[] => [
    ...left.map((event) => ({ left: event, right: null })),
    ...right.map((event) => ({ left: null, right: event })),
  ];
  if (rows === 0 || columns === 0 || rows * columns > cellsMax) return lone();
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number): number => longest[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      const same = left[row]?.type === right[column]?.type;
      const skip = Math.max(at(row + 1, column), at(row, column + 1));
      longest[row * width + column] = same ? Math.max(skip, at(row + 1, column + 1) + 1) : skip;
    }
  }
  const aligned: Aligned<Event>[] = [];
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    const [ours, theirs] = [left[row] as Event, right[column] as Event];
    if (ours.type === theirs.type && at(row, column) === at(row + 1, column + 1) + 1) {
      aligned.push({ left: ours, right: theirs });
      [row, column] = [row + 1, column + 1];
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      aligned.push({ left: ours, right: null });
      row += 1;
    } else {
      aligned.push({ left: null, right: theirs });
      column += 1;
    }
  }
  for (const event of left.slice(row)) aligned.push({ left: event, right: null });
  for (const event of right.slice(column)) aligned.push({ left: null, right: event });
  return aligned;
}
