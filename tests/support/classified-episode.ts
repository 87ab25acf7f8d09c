import { type Governance, initialGovernance } from '../../gates/governance/governance.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import type { FinishedEpisode } from '../../src/loop/improve/failures/failure-taxonomy.ts';
import { initialLineMemory } from '../../src/loop/improve/line-memory.ts';
import { ProposerReader } from '../../src/loop/improve/proposer-reader.ts';
import { readFinishedEpisodes } from '../../src/loop/improve/read-finished-episodes.ts';
import { toyTask } from './toy-language.ts';
import { startToyRun, type ToyRun, type ToySession, toyLedger, workOn } from './toy-run.ts';

/** One finished toy episode as a taxonomy looks at it: a task with two public cases. */
export async function finishedEpisode(
  session: ToySession,
  given: Partial<ToyRun> = {},
): Promise<FinishedEpisode> {
  const ledger = toyLedger(openMemoryStore(), 'test');
  const usual = { strategy: 'best-of-n', params: { candidates: 3 }, tasks: [toyTask('t', 2)] };
  const run = await startToyRun(ledger, { ...usual, ...given });
  await workOn(ledger, run, session);
  const state: Governance = initialGovernance();
  const memory = initialLineMemory();
  memory.optimizeRuns[run] = sha256Hex('gate') as Digest;
  const [episode] = await readFinishedEpisodes(new ProposerReader(ledger, state, memory), run);
  if (episode === undefined) throw new Error('an episode that has finished');
  return episode;
}
