import { randomUUID } from 'node:crypto';
import { messageOf } from '../../../src/kernel/pawl-error.ts';
import { blob, record, request, stream } from '../record-factory.ts';
import { openOnWire, testTimings } from './ledger-on-wire.ts';

/**
 * Started as a process of its own, with an address: writes, reads and follows a ledger while the server misbehaves, closes it,
 * and says how much it stored. It ends by itself, or it hangs; and Node ends it with an error at the first rejection nobody
 * handles.
 */
const [address = '', count = '0'] = process.argv.slice(2);
const store = await openOnWire(address, {
  timings: { ...testTimings, callTimeoutMs: 400, openPatienceMs: 20_000 },
});
const stop = new AbortController();
let followed = 0;
const following = (async () => {
  for await (const _ of store.subscribe(0, stop.signal)) followed += 1;
})();
const streams = 4;
await Promise.all(
  Array.from({ length: streams }, async (_, at) => {
    const name = `of-${at}`;
    for (let index = 0; index < Number(count); index += 1) {
      const content = blob(`${at}/${index} ${randomUUID()}`);
      await store.append(request(name, index - 1, [record(at * 1000 + index)], [content]));
      if (index % 3 === 0) await store.getBlob(content.digest);
      // Whoever stops reading early leaves nothing open.
      for await (const _ of store.readStream(stream(name))) break;
    }
  }),
);
const { size } = await store.head();
while (followed < size) await new Promise((resolve) => setImmediate(resolve));
stop.abort();
await following;
await store.close().catch((error: unknown) => process.stdout.write(`${messageOf(error)}\n`));
process.stdout.write(`stored ${size}, followed ${followed}\n`);
