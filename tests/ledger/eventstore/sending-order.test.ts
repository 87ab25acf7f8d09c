import { expect, test } from 'vitest';
import { SendingOrder } from '../../../src/ledger/stores/eventstore/records/sending-order.ts';

test('appends that keep their order are sent in it, and none behind one that failed until all have ended', async () => {
  const order = new SendingOrder('esdb://here');
  const sent: number[] = [];
  const send = (number: number, ready: Promise<void>, fails: boolean): Promise<void> =>
    order.run(async (turn) => {
      await turn.before(() => ready)();
      turn.mayGo();
      sent.push(number);
      turn.done();
      if (fails) throw new Error('The connection broke.');
    });
  const later = Promise.withResolvers<void>();
  const now = Promise.resolve();
  const settled = Promise.allSettled([
    send(1, later.promise, false),
    send(2, now, true),
    send(3, now, false),
    send(4, now, false),
  ]);
  later.resolve();
  const outcomes = (await settled).map((one) =>
    one.status === 'rejected' ? (one.reason.code ?? 'broke') : 'sent',
  );
  // The third may have gone before the failure of the second was known; the fourth is behind it in any case.
  expect(outcomes.slice(0, 2)).toEqual(['sent', 'broke']);
  expect(outcomes.at(-1)).toBe('LEDGER_UNREACHABLE');
  expect(sent).toEqual([1, 2, 3].slice(0, sent.length));
  await send(5, now, false);
  expect(sent.at(-1)).toBe(5);
});
