import { readFileSync } from 'node:fs';
import { guestParts, lineParts } from '../../../wasm/javascript/guest-source.ts';
import type { Isolation } from '../../settings.ts';
import type { Agent } from '../agent.ts';

const read = (file: string): string =>
  readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')
    .trim()
    .replace(/;$/u, '');

const megabyte = 1024 * 1024;

/** Files of the embedded interpreter's guest that mean the same here, so that a program meets the same world. */
const sharedParts: Readonly<Record<string, string>> = {
  primordials: 'primordials.js',
  kindOf: 'kind-of.js',
  render: 'render.js',
  random: 'random.js',
  timers: 'timers.js',
  console: 'console.js',
  hideCounter: 'hide-counter.js',
  ...lineParts,
};

const agentParts: Readonly<Record<string, string>> = {
  messageLine: 'message-line.js',
  countSteps: 'count-steps.js',
  virtualClock: 'virtual-clock.js',
};
const supervisorParts: Readonly<Record<string, string>> = {
  frames: 'frames.js',
  processes: 'processes.js',
  cleanliness: 'cleanliness.js',
};
const ownParts = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, file]) => `${name}: ${read(file)}`)
    .join(', ');

/** One candidate process: an expression statement that never returns before it is told to end. */
const agentSource = (): string =>
  `(${read('agent.js')})({ ...(${guestParts(sharedParts)}), ${ownParts(agentParts)} })`;

/** JavaScript in any image with Node.js 22 or newer. */
export const javascriptAgent: Agent = {
  command: (isolation: Isolation, memoryBytes: number): readonly string[] => {
    const setup = {
      isolation,
      memoryBytes,
      agent: agentSource(),
      flags: [
        '--no-warnings',
        '--unhandled-rejections=none',
        // The kernel's count of the container's memory decides, not V8's.
        `--max-old-space-size=${Math.ceil(memoryBytes / megabyte) + 512}`,
      ],
    };
    const source = `(${read('supervisor.js')})(${JSON.stringify(setup)}, { ${ownParts(supervisorParts)} })`;
    return ['node', '--no-warnings', '--v8-pool-size=0', '-e', source];
  },
};
