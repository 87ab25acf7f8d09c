import type { StreamName } from '../../src/kernel/brand.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { toyLedger } from './toy-run.ts';

/**
 * Effects whose outcome is stored, named as the scripted ports name them: nobody may perform one of these again.
 */
export async function answeredEffects(store: EventStore): Promise<ReadonlySet<string>> {
  const ledger = toyLedger(store, 'reader');
  const seeds = new Map<StreamName, string>();
  const inputs = new Map<string, string>();
  const answered = new Set<string>();
  for await (const { type, data, stream } of ledger.readAll()) {
    if (type === 'EpisodeStarted') seeds.set(stream, data.seed);
    if (type === 'ExecutionRequested') inputs.set(`${stream}/${data.key.ordinal}`, data.input);
    if (type === 'ExecutionFinished') answered.add(inputs.get(`${stream}/${data.key.ordinal}`) ?? '');
    if (type !== 'CandidateGenerated' && type !== 'CandidateRejected') continue;
    if (data.key !== null) answered.add(`${seeds.get(stream)}/${data.key.ordinal}.${data.key.occurrence}`);
  }
  return answered;
}
