import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { half, right, saying } from './one-episode.ts';
import { ScriptedSandbox } from './scripted-sandbox.ts';
import { episodeOf } from './story.ts';
import { toyTask } from './toy-language.ts';
import { startToyRun, toyLedger, workOn } from './toy-run.ts';

/** One finished episode: a given program, a wrong candidate, a right one. */
export async function repairedEpisode() {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'test');
  const run = await startToyRun(ledger, {
    ...{ strategy: 'sequential-feedback', params: { candidates: 3 } },
    tasks: [toyTask('t', 2, { 'f(0)': '8' })],
  });
  const generator = saying(half, right);
  const sandbox = new ScriptedSandbox();
  await workOn(ledger, run, { generator, sandbox });
  return { store, ledger, stream: episodeOf(run), generator, sandbox };
}
