import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256Hex } from '../../../kernel/digest.ts';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import type { FailureTaxonomy } from './failure-taxonomy.ts';
import { standardTaxonomy } from './standard-taxonomy.ts';

/** Taxonomies of this build. */
const taxonomies: readonly FailureTaxonomy[] = [standardTaxonomy];

/** As `ImprovementStarted` names it; undefined for one that is not of this build. */
export function taxonomyNamed(name: string, version: number): FailureTaxonomy | undefined {
  return taxonomies.find((known) => known.name === name && known.version === version);
}

/**
 * A name, or a module of one's own that exports `taxonomy`. One's own is recorded under its name and the beginning of the
 * SHA-256 of its source, so that another source is another taxonomy.
 *
 * @throws PawlError `USAGE`
 */
export async function loadTaxonomy(spec: string): Promise<FailureTaxonomy> {
  const known = taxonomies.findLast(({ name }) => name === spec);
  if (known !== undefined) return known;
  if (!/\.[cm]?[jt]s$/.test(spec)) {
    const names = taxonomies.map(({ name }) => name).join(', ');
    throw new PawlError('USAGE', `There is no taxonomy "${spec}". Known: ${names}, or a module of your own.`);
  }
  try {
    const path = resolve(spec);
    const source = await readFile(path);
    const { taxonomy } = (await import(pathToFileURL(path).href)) as { readonly taxonomy?: FailureTaxonomy };
    if (taxonomy === undefined || typeof taxonomy.classify !== 'function')
      throw new Error('it does not export `taxonomy`');
    return { ...taxonomy, name: `${taxonomy.name}#${sha256Hex(source).slice(0, 12)}` };
  } catch (cause) {
    throw new PawlError('USAGE', `The taxonomy ${spec} cannot be used: ${messageOf(cause)}.`, { cause });
  }
}
