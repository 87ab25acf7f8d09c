import type { HostileProgram } from './hostile-program.ts';
import { bombPrograms } from './programs/bombs.ts';
import { devicePrograms } from './programs/devices.ts';
import { earlyPrograms } from './programs/ending-early.ts';
import { equalityPrograms } from './programs/equality.ts';
import { forgingPrograms } from './programs/forging.ts';
import { hostPrograms } from './programs/host.ts';
import { leftoverPrograms } from './programs/leftovers.ts';
import { memoryPrograms } from './programs/memory.ts';
import { networkPrograms } from './programs/network.ts';
import { outputPrograms } from './programs/output.ts';
import { patchingPrograms } from './programs/patching.ts';
import { privilegePrograms } from './programs/privileges.ts';
import { processPrograms } from './programs/processes.ts';
import { readingPrograms } from './programs/reading-tests.ts';
import { signalPrograms } from './programs/signals.ts';
import { storagePrograms } from './programs/storage.ts';
import { strangePrograms } from './programs/strange-values.ts';
import { timePrograms } from './programs/time.ts';

/** Everything that is tried against every driver. */
export const allPrograms: readonly HostileProgram[] = [
  ...processPrograms,
  ...signalPrograms,
  ...memoryPrograms,
  ...storagePrograms,
  ...outputPrograms,
  ...timePrograms,
  ...earlyPrograms,
  ...forgingPrograms,
  ...patchingPrograms,
  ...equalityPrograms,
  ...readingPrograms,
  ...networkPrograms,
  ...hostPrograms,
  ...devicePrograms,
  ...privilegePrograms,
  ...leftoverPrograms,
  ...bombPrograms,
  ...strangePrograms,
];
