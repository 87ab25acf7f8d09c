import type { ExecutionRequest } from '../sandbox.ts';
import type { DockerSettings } from './settings.ts';

/** Memory is given in steps of this many bytes, so that tasks with nearly equal limits share what is made ahead. */
const stepBytes = 32 * 1024 * 1024;

/** Memory of the container for a request, bytes: the program's, the interpreter's and the work directory's together. */
export const claimOf =
  ({ overheadBytes }: Pick<DockerSettings, 'overheadBytes'>) =>
  ({ limits }: Pick<ExecutionRequest, 'limits'>): number =>
    Math.ceil((limits.memoryBytes + overheadBytes) / stepBytes) * stepBytes;
