import { PawlError } from '../kernel/pawl-error.ts';
import type { Generator } from './generator.ts';
import { createRecordedGenerator } from './recorded/recorded-generator.ts';
import { createRepairGenerator } from './repair/repair-generator.ts';

type Create = (argument: string) => Promise<Generator>;

const creators: ReadonlyMap<string, Create> = new Map<string, Create>([
  [
    'repair',
    async (argument) => (argument === '' ? createRepairGenerator() : refuseArgument('repair', argument)),
  ],
  ['recorded', (argument) => createRecordedGenerator(argument.split(',').filter((path) => path !== ''))],
]);

/** How generators are written on the command line: name, or name and argument. */
export const generatorNames: readonly string[] = ['repair', 'recorded:FILE[,FILE…]'];

/**
 * @param name `repair`, or `recorded:` with paths of recorded runs, separated by commas
 * @throws PawlError `GENERATOR_NOT_FOUND` naming the known ones; `USAGE` for an argument that is missing or not wanted; and
 * what reading recorded files throws
 */
export async function createGenerator(name: string): Promise<Generator> {
  const colon = name.indexOf(':');
  const kind = colon < 0 ? name : name.slice(0, colon);
  const create = creators.get(kind);
  if (create === undefined) {
    throw new PawlError(
      'GENERATOR_NOT_FOUND',
      `There is no generator "${kind}". Known: ${generatorNames.join(', ')}.`,
      { context: { name: kind } },
    );
  }
  return create(colon < 0 ? '' : name.slice(colon + 1));
}

function refuseArgument(name: string, argument: string): never {
  throw new PawlError('USAGE', `Generator "${name}" takes no argument, but got "${argument}".`);
}
