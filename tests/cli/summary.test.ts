import { expect, it } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { printSummary } from '../../src/cli/summary.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';
import { eventsOf } from '../support/toy-run.ts';
import { recordingOutput } from './recording-output.ts';

async function summaryOf(ledger: Ledger, run: StreamName): Promise<readonly JsonObject[]> {
  const records: JsonObject[] = [];
  const output: Output = { ...recordingOutput(false), json: true, record: (record) => records.push(record) };
  await printSummary(ledger, [run], output);
  return records;
}

const { store, ledger, stream } = await repairedEpisode();
const [run] = (await Array.fromAsync(ledger.streams('run-'))) as [StreamName];

it('a summary adds up the episodes, with the time that the run said it took', async () => {
  const finished = (await eventsOf(ledger, run)).find(({ type }) => type === 'RunFinished');
  const wallMs = finished?.type === 'RunFinished' ? finished.data.volatile.wallMs : 0;
  expect(wallMs).toBeGreaterThan(0);
  expect(await summaryOf(ledger, run)).toEqual([
    {
      ...{ type: 'run', run, suite: 'toy', seed: 'toy', status: 'finished' },
      strategy: { name: 'sequential-feedback', version: 1, params: { candidates: 3 } },
      ...{ tasks: 1, finished: 1, publicPass: 1, hiddenPass: 0, overAccepted: 1 },
      ...{ candidates: 2, executions: 3, tokens: 56, steps: 6 },
      wallMs,
    },
  ]);
});

it('a session that was killed counts from its first event to its last', async () => {
  const killed = await copyLedger(store, {
    stream: run,
    events: (events) => events.filter(({ type }) => type !== 'RunFinished'),
  });
  const times = (await eventsOf(killed, stream)).map(({ at }) => at);
  const wallMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  expect(wallMs).toBeGreaterThan(0);
  expect(await summaryOf(killed, run)).toEqual([expect.objectContaining({ status: 'running', wallMs })]);
});
