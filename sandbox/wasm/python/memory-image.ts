import type { PythonExports } from './c-api.ts';

/**
 * The interpreter's whole state as one copy of its memory up to the allocator's end, plus the stack pointer (the only
 * mutable global that running Python changes).
 *
 * @returns a function that writes it back; what was allocated above it becomes zero again
 */
export function takeMemoryImage(exports: PythonExports): () => void {
  const end = exports.sbrk(0) >>> 0;
  const stackPointer = exports.__stack_pointer.value;
  const image = new Uint8Array(exports.memory.buffer, 0, end).slice();
  return () => {
    // Read from memory, so it is what the program left; a corrupted one only makes the cleared range larger or empty.
    const top = exports.sbrk(0) >>> 0;
    const memory = new Uint8Array(exports.memory.buffer);
    memory.set(image);
    if (top > end) memory.fill(0, end, top);
    exports.__stack_pointer.value = stackPointer;
  };
}
