import { randomUUID } from 'node:crypto';
import { record, request } from '../record-factory.ts';
import { openOnWire } from './ledger-on-wire.ts';

/** Started as a process of its own, with an address and a number: makes the ledger, or finds it made, and writes to it. */
const [address = '', number = '0'] = process.argv.slice(2);
const store = await openOnWire(address, { newLedgerId: randomUUID });
await store.append(request(`of-${number}`, -1, [record(Number(number))]));
process.stdout.write(`${store.ledgerId}\n`);
await store.close();
