import { type AnyNode, type Options, type Program, parse } from 'acorn';
import { PawlError } from '../kernel/pawl-error.ts';
import { type Scopes, scopesOf } from './scopes.ts';
import { type Site, sitesOf } from './sites.ts';

/** A JavaScript program with everything the mutation operators look at, computed once. */
export interface ParsedProgram {
  readonly source: string;
  /** Every node in source order (parents before children), with its surroundings. */
  readonly sites: readonly Site[];
  readonly scopes: Scopes;
}

/**
 * Parses as a script, then (for `import`, `export` and top-level `await`) as a module.
 *
 * @throws PawlError `GENERATOR_UNSUITABLE` with the 1-based line where the script does not parse
 */
export function parseProgram(source: string): ParsedProgram {
  const sites = sitesOf(parseTree(source) as AnyNode, source);
  return { source, sites, scopes: scopesOf(sites) };
}

/** True where a program with this text would be accepted by `parseProgram`. */
export function parses(source: string): boolean {
  return tryParse(source, 'script') !== null || tryParse(source, 'module') !== null;
}

function parseTree(source: string): Program {
  const tree = tryParse(source, 'script') ?? tryParse(source, 'module');
  if (tree !== null) return tree;
  try {
    return parse(source, optionsFor('script'));
  } catch (error) {
    const at = error as SyntaxError & { loc?: { line: number } };
    const line = at.loc?.line ?? 0;
    throw new PawlError(
      'GENERATOR_UNSUITABLE',
      `The program does not parse as JavaScript (line ${line}): ${at.message}.`,
      { context: { line }, cause: error },
    );
  }
}

function tryParse(source: string, sourceType: 'script' | 'module'): Program | null {
  try {
    return parse(source, optionsFor(sourceType));
  } catch (error) {
    // Acorn gives up on very deep nesting with a RangeError; such a program is unsuitable all the same.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

function optionsFor(sourceType: 'script' | 'module'): Options {
  return { ecmaVersion: 'latest', sourceType };
}
