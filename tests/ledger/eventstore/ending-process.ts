import { once } from 'node:events';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import { blob, record, request, stream } from '../record-factory.ts';
import { openOnWire, testTimings } from './ledger-on-wire.ts';

/**
 * Started as a process of its own, with an address and a scope: writes to a ledger, follows it, says `stored`, and when its input
 * ends closes the ledger, whatever the server is like by then. Says how that went, and ends by itself or hangs.
 */
const [address = '', scope = ''] = process.argv.slice(2);
const store = await openOnWire(address, {
  scope: scope === 'streams' ? 'streams' : 'ledger',
  timings: { ...testTimings, callTimeoutMs: 400, patienceMs: 1_000 },
});
const stop = new AbortController();
const following = (async () => {
  if (scope === 'streams') return;
  for await (const _ of store.subscribe(0, stop.signal));
})();
await store.append(request('a', -1, [record(1), record(2)], [blob('of a')]));
for await (const _ of store.readStream(stream('a'))) break;
process.stdout.write('stored\n');
await once(process.stdin.resume(), 'end');
// Under way while the ledger is closed.
const last = store.append(request('a', 1, [record(3)])).then(
  () => 'stored',
  (error: unknown) => (isPawlError(error) ? error.code : String(error)),
);
const closed = store.close().then(
  () => 'closed',
  (error: unknown) => (isPawlError(error) ? error.code : String(error)),
);
process.stdout.write(`append ${await last}, close ${await closed}\n`);
const followed = await following.then(
  () => 'to the end',
  (error: unknown) => (isPawlError(error) ? error.code : String(error)),
);
process.stdout.write(`followed ${followed}\n`);
