import { readFileSync } from 'node:fs';
import type { Agent } from '../agent.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

let known: { readonly boot: string; readonly source: string } | null = null;

/** One module, in the order that its parts need each other; how values are written is shared with the tests' side. */
function sources(): { readonly boot: string; readonly source: string } {
  known ??= {
    boot: read('./boot.py'),
    source: [
      './own-builtins.py',
      '../../../wasm/python/write-values.py',
      '../../../wasm/python/read-values.py',
      './candidate-line.py',
      './callbacks.py',
      './describe.py',
      './candidate.py',
      './processes.py',
      './host-frames.py',
      './execution.py',
      './supervisor.py',
    ]
      .map(read)
      .join('\n'),
  };
  return known;
}

/**
 * Needs Python 3.12 or newer as `python3` in the image. The first program starts the second in its own place with a fixed
 * hash seed, which isolated mode would not read from the environment.
 */
export const pythonAgent: Agent = {
  command: (isolation) => {
    const { boot, source } = sources();
    return ['python3', '-I', '-S', '-X', 'utf8', '-c', boot, source, isolation];
  },
};
