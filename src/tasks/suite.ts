import type { Digest } from '../kernel/brand.ts';
import type { Task } from './task.ts';

/** Tasks with a digest over their public and hidden parts, in order. */
export interface Suite {
  readonly name: string;
  /** The reader that made it, for example `humanevalpack`. */
  readonly format: string;
  readonly digest: Digest;
  readonly tasks: readonly Task[];
}
