import { PawlError } from '../kernel/pawl-error.ts';
import { readHumanEval } from './readers/humaneval.ts';
import { readHumanEvalPack } from './readers/humanevalpack.ts';
import { readNative } from './readers/native.ts';
import { readRecorded } from './readers/recorded.ts';
import { loadStarterSuite } from './starter/load-starter-suite.ts';
import type { Suite } from './suite.ts';

export interface SuiteFormat {
  readonly name: string;
  /** How it is written on a command line. */
  readonly usage: string;
  /** One line for help texts. */
  readonly summary: string;
}

/** Everything `loadSuite` understands, for help texts. */
export const suiteFormats: readonly SuiteFormat[] = [
  { name: 'starter', usage: 'starter', summary: 'repair tasks in JavaScript that come with the product' },
  { name: 'native', usage: 'native:FILE', summary: 'your own tasks, one JSON object a line' },
  { name: 'humaneval', usage: 'humaneval:FILE', summary: 'HumanEval: write Python functions' },
  {
    name: 'humanevalpack',
    usage: 'humanevalpack:FILE',
    summary: 'HumanEvalPack: repair JavaScript functions',
  },
  { name: 'recorded', usage: 'recorded:FILE', summary: 'tasks of recorded runs over HumanEval or MBPP' },
];

const readers: Readonly<Record<string, (path: string) => Promise<Suite>>> = {
  native: readNative,
  humaneval: readHumanEval,
  humanevalpack: readHumanEvalPack,
  recorded: readRecorded,
};

/**
 * Loads a suite by its specification: `starter`, or `FORMAT:FILE` with a .jsonl or .jsonl.gz file.
 *
 * @throws PawlError `SUITE_NOT_FOUND` for a specification or file that does not exist; `SUITE_INVALID` for a file that is
 * not usable
 */
export async function loadSuite(spec: string): Promise<Suite> {
  if (spec === 'starter') return loadStarterSuite();
  const colon = spec.indexOf(':');
  const read = Object.hasOwn(readers, spec.slice(0, colon)) ? readers[spec.slice(0, colon)] : undefined;
  if (colon > 0 && read !== undefined && colon < spec.length - 1) return read(spec.slice(colon + 1));
  const known = suiteFormats.map(({ usage }) => usage).join(', ');
  throw new PawlError('SUITE_NOT_FOUND', `There is no suite "${spec}". A suite is one of: ${known}.`, {
    context: { spec },
  });
}
