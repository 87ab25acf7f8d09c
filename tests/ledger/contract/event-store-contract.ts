import { appendingContract } from './appending.ts';
import { blobsContract } from './blobs.ts';
import { closingContract } from './closing.ts';
import { erasingContract } from './erasing.ts';
import { evidenceContract } from './evidence.ts';
import { followingContract } from './following.ts';
import type { OpenStore } from './open-until-finished.ts';
import { readingContract } from './reading.ts';
import { repeatingContract } from './repeating.ts';

/** What every store must do, with exact values. `open` gives an empty store of its own to each test. */
export function eventStoreContract(name: string, open: OpenStore): void {
  appendingContract(name, open);
  repeatingContract(name, open);
  readingContract(name, open);
  followingContract(name, open);
  blobsContract(name, open);
  erasingContract(name, open);
  evidenceContract(name, open);
  closingContract(name, open);
}
