import type { Isolation } from '../settings.ts';

/** What runs inside a container for a language: sent with the command line, so that any image with the interpreter serves. */
export interface Agent {
  /**
   * The supervisor: speaks the frames of `line/frames.ts` on its standard input and output, and starts each execution as a
   * process of its own.
   */
  command(isolation: Isolation, memoryBytes: number): readonly string[];
}
