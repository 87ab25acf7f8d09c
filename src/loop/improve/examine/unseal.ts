import type { PawlEvent } from '../../../events/catalogue.ts';
import type { StreamName } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { gateOf } from './line-gate.ts';

const noteCharactersMax = 1000;

type HeldOutUsed = Extract<PawlEvent, { type: 'HeldOutUsed' }>;

export interface Unsealed {
  readonly epoch: number;
  /** Everybody may look at these from now on. */
  readonly runs: readonly StreamName[];
}

/**
 * Gives the held-out items of the open epoch up, so that people can look at the runs on them. Nothing is ever tested on these
 * items again; that somebody looked, and why, stays in the history.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`; `HELD_OUT_EXHAUSTED` where no epoch is open; `GOVERNANCE_REFUSED` during an
 * examination
 */
export async function unseal(
  line: ImprovementLine,
  { ledger }: { readonly ledger: Ledger },
  reason: string,
): Promise<Unsealed> {
  gateOf(line);
  const { epoch } = line.state;
  if (epoch === null || epoch.exhausted !== null) {
    throw new PawlError(
      'HELD_OUT_EXHAUSTED',
      `The line "${line.name}" has no held-out items in use: there is nothing to give up, and \`pawl show\` shows their runs.`,
      { context: { line: line.name, reason: epoch?.exhausted ?? null } },
    );
  }
  const { number } = epoch;
  const looks = new Map<StreamName, HeldOutUsed>();
  for await (const event of ledger.readStream(line.stream)) {
    if (event.type !== 'HeldOutUsed' || event.data.purpose !== 'heldout' || event.data.epoch !== number)
      continue;
    // One look at each run, however often the gate took its outcomes.
    const data = { ...event.data, reader: 'person', disclosed: 'everything', reason } as const;
    looks.set(event.data.run, { type: 'HeldOutUsed', data });
  }
  const note = `Unsealed: ${reason}`.slice(0, noteCharactersMax);
  const retired = { epoch: number, reason: 'disclosed', detectable: null, note } as const;
  await line.append([...looks.values(), { type: 'HeldOutExhausted', data: retired }]);
  return { epoch: number, runs: [...looks.keys()] };
}
