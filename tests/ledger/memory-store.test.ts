import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { eventStoreContract } from './contract/event-store-contract.ts';
import { wholeViewContract } from './contract/whole-view-contract.ts';

eventStoreContract('memory', async () => openMemoryStore());
wholeViewContract('memory', async () => openMemoryStore());
