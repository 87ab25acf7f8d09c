import { writeFileSync } from 'node:fs';
import { catalogue } from '../../../src/events/catalogue.ts';
import { pawlVersion } from '../../../src/kernel/pawl-version.ts';
import { eventsLockText, lockedAs, lockPath, readEventsLock } from './events-lock.ts';
import { goldenEvents } from './golden-events.ts';

/** Writes what today's catalogue is into the lock, as the version in the making. It never touches a released version. */
const lock = lockedAs(readEventsLock(), pawlVersion, catalogue, goldenEvents());
writeFileSync(lockPath, eventsLockText(lock));
process.stdout.write(`The catalogue is locked as ${pawlVersion}.\n`);
