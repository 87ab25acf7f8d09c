import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { eventStoreContract } from './event-store-contract.ts';

eventStoreContract('memory', async () => openMemoryStore());
