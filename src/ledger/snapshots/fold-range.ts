import type { Ledger } from '../ledger.ts';
import type { Foldable } from './foldable.ts';

/** Folds the records from position `from` on, up to and without position `to`. */
export async function foldRange<State>(
  ledger: Ledger,
  projection: Foldable<State>,
  start: State,
  from: number,
  to: number,
): Promise<State> {
  let state = start;
  if (from >= to) return state;
  for await (const events of ledger.readBatches(from)) {
    for (const event of events) {
      if (event.position >= to) return state;
      state = projection.evolve(state, event);
    }
    if ((events.at(-1)?.position ?? 0) >= to - 1) return state;
  }
  return state;
}
