import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { RecordingStore } from './recording-store.ts';
import { ScriptedGenerator } from './scripted-generator.ts';
import { episodeOf, story } from './story.ts';
import { toyTask } from './toy-language.ts';
import { eventsOf, startToyRun, type ToyRun, type ToySession, toyLedger, workOn } from './toy-run.ts';

/** Programs for a task with two public cases. */
export const right = 'f(0) = 0\nf(1) = 1\n';
export const half = 'f(0) = 0\nf(1) = 9\n';
export const wrong = 'f(0) = 8\nf(1) = 9\n';

/** A generator that answers with these programs in the order of the samples. */
export const saying = (...programs: readonly string[]) =>
  new ScriptedGenerator({ propose: ({ sample }) => programs[sample] ?? `# sample ${sample}\n` });

/** Runs one task with two public cases to its end. */
export async function oneEpisode(run: Partial<ToyRun>, session: ToySession) {
  const store = new RecordingStore(openMemoryStore());
  const ledger = toyLedger(store, 'test');
  const given = { strategy: 'best-of-n', params: { candidates: 3 }, tasks: [toyTask('t', 2)], ...run };
  const name = await startToyRun(ledger, given);
  await workOn(ledger, name, session);
  const events = await eventsOf(ledger, episodeOf(name));
  return { ledger, events, lines: story(events), appends: store.appendsOf(episodeOf(name)) };
}
