import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/kernel/clock.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import type { EventstoreStore } from '../../../src/ledger/stores/eventstore/eventstore-store.ts';
import {
  type EventstoreStoreOptions,
  openEventstoreStore,
} from '../../../src/ledger/stores/eventstore/open-eventstore-store.ts';

/** Quick enough for a test, long enough for a machine that does other things, too. */
export const testTimings = {
  callTimeoutMs: 2_000,
  patienceMs: 20_000,
  openPatienceMs: 500,
  pauseMsMin: 1,
  pauseMsMax: 50,
} as const;

/** A prefix that nobody used before, also not on a real server. */
export function freshPrefix(): string {
  return `pawl_test_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
}

/** Opens a ledger on a server that tests started; what is not given is as for a writer of a whole ledger that may be new. */
export function openOnWire(
  address: string,
  options: Partial<Omit<EventstoreStoreOptions, 'address'>> = {},
): Promise<EventstoreStore> {
  return openEventstoreStore({
    address,
    mode: 'write',
    create: true,
    scope: 'ledger',
    cacheDirectory: null,
    clock: systemClock,
    random: seededRandom('pauses'),
    newLedgerId: randomUUID,
    note: () => undefined,
    timings: testTimings,
    ...options,
  });
}
