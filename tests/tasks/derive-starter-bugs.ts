import type { Sandbox } from '../../sandbox/sandbox.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import type { FrozenBug } from '../../src/tasks/starter/frozen-bug.ts';
import { loadStarterPrograms } from '../../src/tasks/starter/load-starter-programs.ts';
import { bugPool, digestOfOffered } from './bug-pool.ts';
import { chooseBugs } from './choose-bugs.ts';

/** The text of `frozen-bugs.jsonl` for a seed: the same programs, operators, interpreter and seed give the same text. */
export async function deriveStarterBugs(sandbox: Sandbox, seed: string): Promise<string> {
  const programs = await loadStarterPrograms();
  const pools: (readonly FrozenBug[])[] = [];
  for (const program of programs) pools.push(await bugPool(sandbox, program, seed));
  const lines = [{ seed, offered: digestOfOffered(programs) }, ...chooseBugs(pools)];
  return lines.map((line) => `${canonicalJson(line)}\n`).join('');
}
