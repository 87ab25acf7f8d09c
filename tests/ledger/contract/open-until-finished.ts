import { onTestFinished } from 'vitest';
import type { EventStore } from '../../../src/ledger/event-store.ts';

/** Gives an empty store of its own to each test. */
export type OpenStore = () => Promise<EventStore>;

export async function openUntilFinished(open: OpenStore): Promise<EventStore> {
  const store = await open();
  onTestFinished(() => store.close());
  return store;
}
