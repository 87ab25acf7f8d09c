import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf } from '../support/story.ts';
import { forkAndWork, strategyWith } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

/**
 * Runs episodes of every strategy from beginning to end, with ports and a clock that are data: nothing that the loop does around
 * its ports looks at the machine either. Gives the ledgers, branches and all.
 */
export async function exerciseLoop(): Promise<readonly Ledger[]> {
  const ledgers: Ledger[] = [];
  for (const { name } of strategies) {
    const ledger = toyLedger(openMemoryStore(), `fence ${name}`);
    const tasks = [toyTask('a', 3), toyTask('b', 2, { 'f(0)': '8' })];
    const run = await startToyRun(ledger, { strategy: name, params: { candidates: 4 }, tasks });
    // Once in a while nothing comes of an execution, so that there is something to try again.
    const fault = (_: unknown, call: number): unknown => (call === 1 ? new Error('once') : null);
    await workOn(ledger, run, { sandbox: new ScriptedSandbox({ fault }) });
    await forkAndWork(ledger, { episode: episodeOf(run, 1), at: 3 }, {});
    const other = strategyWith('best-of-n', { candidates: 6 });
    await forkAndWork(ledger, { episode: episodeOf(run, 0), at: 2, strategy: other }, {});
    ledgers.push(ledger);
  }
  return ledgers;
}
