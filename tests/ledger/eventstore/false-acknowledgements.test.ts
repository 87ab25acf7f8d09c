import { describe, expect, onTestFinished, test } from 'vitest';
import type { EventstoreStore } from '../../../src/ledger/stores/eventstore/eventstore-store.ts';
import type { Fault, FaultRule } from '../../wire/server/faults.ts';
import { startWireServer } from '../../wire/server/wire-server.ts';
import { record, request } from '../record-factory.ts';
import { freshPrefix, openOnWire, testTimings } from './ledger-on-wire.ts';

const lies = ['false acknowledgement', 'other bytes'] as const satisfies readonly Fault[];
const paths = [true, false];
const cases = lies.flatMap((fault) => paths.map((batchAppend) => ({ fault, batchAppend })));

async function lyingTo(
  scope: 'ledger' | 'streams',
  fault: Fault,
  batchAppend: boolean,
  ...more: readonly Pick<FaultRule, 'fault' | 'calls'>[]
): Promise<EventstoreStore> {
  const server = await startWireServer({ batchAppend });
  onTestFinished(() => server.stop());
  const prefix = freshPrefix();
  const store = await openOnWire(`${server.url}&prefix=${prefix}`, {
    scope,
    timings: { ...testTimings, callTimeoutMs: 500, patienceMs: 1_500 },
  });
  onTestFinished(() => store.close().catch(() => undefined));
  await store.append(request('a', -1, [record(1)]));
  await server.setFaults([
    { operation: 'append', fault, streamPrefix: `${prefix}.`, calls: [1] },
    ...more.map((rule) => ({ ...rule, operation: 'append', streamPrefix: `${prefix}.` }) as const),
  ]);
  return store;
}

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error) =>
      `${error.code}: ${error.message.replaceAll(/esdb:\S+/g, 'SERVER').replaceAll(/pawl_test_\w+/g, 'PREFIX')}`,
  );

describe('a server that acknowledges what it does not keep', () => {
  test.for(cases)(
    'is found out by a worker ($fault, batch append $batchAppend)',
    async ({ fault, batchAppend }) => {
      const store = await lyingTo('streams', fault, batchAppend);
      // Believed at first: it is read back behind the backs of those who append.
      expect((await store.append(request('a', 0, [record(2)]))).lastRevision).toBe(1);
      expect(await outcome(store.close())).toBe(
        'LEDGER_CORRUPT: Event 1 of "PREFIX.test-a" in SERVER is not what was acknowledged. Do not write on; run pawl verify, and restore a copy.',
      );
    },
  );

  test('is not believed at once when it is asked a second time', async () => {
    const store = await lyingTo('streams', 'mute', true, { fault: 'false acknowledgement', calls: [2] });
    expect(await outcome(store.append(request('a', 0, [record(2)])))).toBe(
      'LEDGER_CORRUPT: Event 1 of "PREFIX.test-a" in SERVER was acknowledged and is not there. Do not write on; run pawl verify, and restore a copy.',
    );
  });

  test.for(cases)(
    'is found out by a whole ledger ($fault, batch append $batchAppend)',
    async ({ fault, batchAppend }) => {
      const store = await lyingTo('ledger', fault, batchAppend);
      const said = await outcome(store.append(request('a', 0, [record(2)])));
      expect(said).toBe(
        fault === 'other bytes'
          ? 'LEDGER_CORRUPT: The event 1 of "PREFIX.test-a" is not the record that its id says it is. Either something else than Pawl writes under that prefix, or the database was changed; nothing of the ledger on that server can be trusted before this is explained.'
          : 'LEDGER_CORRUPT: The server acknowledged the event 1 of "PREFIX.test-a" and does not have it. Do not write on; look at the server\'s log, and restore the database where it has lost more.',
      );
      expect(await outcome(store.head())).toBe(said);
    },
  );
});
