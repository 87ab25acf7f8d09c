import type { Digest, StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

/** One read of held-out items: who, for what, which, and who got to see something of it. */
export interface HeldOutRead {
  revision: number;
  proposal: string | null;
  side: 'challenger' | 'champion';
  configuration: Digest;
  run: StreamName;
  /** The items [from, to) of the fixed order. */
  from: number;
  to: number;
  reader: 'gate' | 'person';
  disclosed: 'nothing' | 'everything';
}

export interface HeldOutEpoch {
  epoch: number;
  split: string;
  items: Digest;
  count: number;
  alpha: string;
  /** What is left of alpha after the last decision; null where the policy keeps no budget. */
  budget: string | null;
  /** Symbols that proposers were told, in order. */
  symbols: ('promote' | 'discard')[];
  reads: HeldOutRead[];
  /** Items read, all reads and both sides together; an outcome that is taken again counts again. */
  itemsRead: number;
  exhausted: string | null;
}

/** The sealed split, from its one opening on. */
export interface SealedUse {
  items: Digest;
  reads: HeldOutRead[];
  /** Its result is there, for everybody. */
  finished: boolean;
}

export interface LineUse {
  epochs: HeldOutEpoch[];
  sealed: SealedUse | null;
}

export interface HeldOutUseState {
  lines: Record<StreamName, LineUse>;
}

/** The meter of held-out items: every read, what was disclosed, and what is left. */
export const heldOutUseProjection: Projection<HeldOutUseState> = {
  name: 'held-out use',
  version: 1,
  initialState: () => ({ lines: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'HeldOutOpened': {
        const { epoch, split, items, count, alpha } = event.data;
        state.lines[event.stream] ??= { epochs: [], sealed: null };
        // Another gate with other items ends the epoch before without an event of its own.
        const before = state.lines[event.stream]?.epochs.at(-1);
        if (before?.exhausted === null) before.exhausted = 'replaced';
        const unused = { symbols: [], reads: [], itemsRead: 0, exhausted: null };
        state.lines[event.stream]?.epochs.push({
          ...{ epoch, split, items: items.digest, count, alpha, budget: alpha },
          ...unused,
        });
        return state;
      }
      case 'HeldOutUsed': {
        const line = state.lines[event.stream];
        const { purpose, proposal, side, configuration, run, from, to, reader, disclosed } = event.data;
        const { revision } = event;
        const read = { revision, proposal, side, configuration, run, from, to, reader, disclosed };
        if (purpose === 'final') {
          line?.sealed?.reads.push(read);
          return state;
        }
        const epoch = line?.epochs.at(-1);
        if (epoch === undefined) return state;
        epoch.reads.push(read);
        if (reader === 'gate') epoch.itemsRead += to - from;
        return state;
      }
      case 'GateDecided': {
        const { symbol, budgetAfter } = event.data;
        const epoch = state.lines[event.stream]?.epochs.at(-1);
        if (epoch === undefined || symbol === null) return state;
        epoch.symbols.push(symbol);
        epoch.budget = budgetAfter;
        return state;
      }
      case 'HeldOutExhausted': {
        const epoch = state.lines[event.stream]?.epochs.at(-1);
        if (epoch !== undefined) epoch.exhausted = event.data.reason;
        return state;
      }
      case 'FinalTestOpened': {
        state.lines[event.stream] ??= { epochs: [], sealed: null };
        const line = state.lines[event.stream];
        if (line !== undefined)
          line.sealed ??= { items: event.data.items.digest, reads: [], finished: false };
        return state;
      }
      case 'FinalTestFinished': {
        const sealed = state.lines[event.stream]?.sealed;
        if (sealed) sealed.finished = true;
        return state;
      }
      default:
        return state;
    }
  },
};

/**
 * Runs whose results nobody may see yet: they read held-out items of an epoch that goes on, or sealed items before the final test
 * was finished. To the line that they belong to.
 */
export function sealedRuns({ lines }: HeldOutUseState): ReadonlyMap<StreamName, StreamName> {
  const sealed = new Map<StreamName, StreamName>();
  for (const [line, { epochs, sealed: final }] of Object.entries(lines) as [StreamName, LineUse][]) {
    for (const { exhausted, reads } of epochs)
      if (exhausted === null) for (const { run } of reads) sealed.set(run, line);
    if (final !== null && !final.finished) for (const { run } of final.reads) sealed.set(run, line);
  }
  return sealed;
}
