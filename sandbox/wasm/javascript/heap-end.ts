import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { WasmMemory } from './web-assembly.ts';

/**
 * Finds the word of static memory in which the C library keeps the end of the heap (`sbrk`): everything behind it has
 * never been written, so it need not be cleared. The module does not export it. It is the only word whose value is the
 * first address after the last byte in use, rounded up to the allocator's alignment; anything ambiguous is refused.
 * @returns index into the memory seen as 32-bit words
 */
export function findHeapEnd(memory: WasmMemory): number {
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  let used = bytes.length;
  while (used > 0 && bytes[used - 1] === 0) used -= 1;
  const found: number[] = [];
  const wordsUsed = Math.ceil(used / 4);
  for (let index = 0; index < wordsUsed && index * 4 < staticBytesMax; index += 1) {
    const value = words[index] ?? 0;
    if (value >= used && value <= used + slackBytes && value % alignmentBytes === 0) found.push(index);
  }
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new PawlError('SANDBOX_FAILED', `The interpreter's heap end was found ${found.length} times.`);
  }
  return only;
}

/** Static data lies before the stack, which is a megabyte; `sbrk` keeps its word there. */
const staticBytesMax = 96 * 1024;
const alignmentBytes = 16;
/** The allocator writes a footer into the last words of what it asked for. */
const slackBytes = 64;
