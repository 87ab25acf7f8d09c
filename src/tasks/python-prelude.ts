/**
 * The imports that Python answers to these benchmarks take for granted. Kept to modules whose names cannot change what a
 * program means: none of the recorded programs that failed passes because of them.
 */
export const pythonPrelude = [
  'from typing import *',
  'from heapq import *',
  ...['collections', 'functools', 'heapq', 'itertools', 'math', 're', 'string', 'typing'].map(
    (name) => `import ${name}`,
  ),
  '',
].join('\n');
