import { sha256Hex } from '../../kernel/digest.ts';
import { applyMutation, type Mutation } from '../../mutation/mutation.ts';
import { mutationsOf } from '../../mutation/mutations-of.ts';
import { type ParsedProgram, parseProgram, parses } from '../../mutation/parse-program.ts';
import type { MutationHints } from '../../mutation/workbench.ts';
import { normalizedText } from './normalized-text.ts';

/** A program to mend, with every single edit of it. */
export interface RepairBase {
  readonly program: ParsedProgram;
  readonly digest: string;
  readonly mutations: readonly Mutation[];
  /** Normalised text of each result, beside `mutations`. */
  readonly results: readonly string[];
  /** Result of the edit at this place, or null should it not parse. */
  programAt(index: number): string | null;
}

const basesMax = 64;
const cache = new Map<string, RepairBase>();

/**
 * Parsed program and edits, remembered for the last programs asked for. A cache only: the answer depends on the arguments
 * alone.
 *
 * @throws PawlError `GENERATOR_UNSUITABLE` where the program does not parse
 */
export function repairBaseOf(source: string, hints: MutationHints): RepairBase {
  const digest = sha256Hex(`${JSON.stringify(hints)}\n${source}`);
  const known = cache.get(digest);
  if (known !== undefined) {
    cache.delete(digest);
    cache.set(digest, known);
    return known;
  }
  const program = parseProgram(source);
  const mutations = mutationsOf(program, hints);
  const results = mutations.map((mutation) => normalizedText(applyMutation(source, mutation)));
  const checked = new Map<number, string | null>();
  const programAt = (index: number): string | null => {
    const known = checked.get(index);
    if (known !== undefined) return known;
    const mutation = mutations[index];
    const text = mutation === undefined ? null : applyMutation(source, mutation);
    const result = text !== null && parses(text) ? text : null;
    checked.set(index, result);
    return result;
  };
  const base: RepairBase = { program, digest, mutations, results, programAt };
  cache.set(digest, base);
  const oldest = cache.keys().next().value;
  if (cache.size > basesMax && oldest !== undefined) cache.delete(oldest);
  return base;
}
