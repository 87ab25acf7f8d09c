import { readFile } from 'node:fs/promises';
import { invariant } from '../../kernel/pawl-error.ts';
import { type FrozenBug, type FrozenHeader, frozenBugSchema, frozenHeaderSchema } from './frozen-bug.ts';

export const frozenBugsFile = new URL('./frozen-bugs.jsonl', import.meta.url);

export interface FrozenBugs {
  readonly header: FrozenHeader;
  /** Bugs of one program stand together, in the order that numbers them. */
  readonly bugs: readonly FrozenBug[];
}

/** Reads the frozen choice of bugs; it is made by `npm run derive:starter` and never by hand. */
export async function readFrozenBugs(): Promise<FrozenBugs> {
  const [first, ...rest] = (await readFile(frozenBugsFile, 'utf8')).trimEnd().split('\n');
  invariant(first !== undefined, 'The frozen bugs of the starter suite are missing.');
  return {
    header: frozenHeaderSchema.parse(JSON.parse(first)),
    bugs: rest.map((line) => frozenBugSchema.parse(JSON.parse(line))),
  };
}
