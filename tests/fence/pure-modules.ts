import { trackedFiles } from '../support/tracked-files.ts';

/** Rooms in which everything is pure. */
const rooms =
  /^(src\/(events|strategies|scorers)|projections|gates\/(policy|definition|governance|checks))\/.*\.ts$/;

/** What decides and derives in the loop; the rest of it is the shell around these. */
const loop = new RegExp(
  `^src/loop/(${[
    ...['advance-episode', 'compose-feedback', 'contents', 'cut-text', 'episode-decide', 'episode-started'],
    ...['episode-state', 'execution-input', 'expected-start', 'forked-from', 'generator-dialogue'],
    ...[
      'issue-command',
      'recorded-answers',
      'registered-suite',
      'render-prompt',
      'replay-.*',
      'stream-names',
    ],
  ].join('|')})\\.ts$`,
);

/** Modules that must be pure, as git tracks them. */
export function pureModules(): readonly string[] {
  return trackedFiles(rooms).concat(trackedFiles(loop));
}

/** Of the shell, the modules whose business is the machine; all others get time, chance and effects through ports. */
export const machineModules: Readonly<Record<string, string>> = {
  'src/loop/current-environment.ts': 'says which machine this is',
  'src/loop/improve/examine/own-check-process.ts': 'runs a check of one’s own in a process, for so long',
  'src/loop/improve/failures/taxonomies.ts': 'loads a taxonomy of one’s own from a file',
  'src/loop/improve/proposers/external.ts': 'asks another program, for so long',
  'src/loop/improve/proposers/registry.ts': 'gives a reflecting model the environment that names its key',
  'src/loop/wall-timer.ts': 'watches real time and raises a signal',
};
