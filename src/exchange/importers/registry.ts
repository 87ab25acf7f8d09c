import type { Imported } from '../../events/run.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { Importer } from './importer.ts';
import { recordedRunImporter } from './recorded-run.ts';

/** Every format that can be imported. An old version stays here as long as its runs are to be replayed. */
export const importers: readonly Importer[] = [recordedRunImporter];

/**
 * The newest importer of a format, or the one of a version.
 *
 * @throws PawlError `IMPORT_FORMAT`
 */
export function importerNamed(name: string, version?: Imported['formatVersion']): Importer {
  const found = importers.findLast(
    (importer) => importer.name === name && (version === undefined || importer.version === version),
  );
  if (found !== undefined) return found;
  const known = importers.map((importer) => `${importer.name} version ${importer.version}`).join(', ');
  const wanted = version === undefined ? `"${name}"` : `"${name}" version ${version}`;
  throw new PawlError('IMPORT_FORMAT', `There is no importer of ${wanted}. There is: ${known}.`, {
    context: { format: name, version: version ?? null },
  });
}
