import type { z } from 'zod';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Generator } from './generator.ts';
import { createModelGenerator } from './model/model-generator.ts';
import { readModelSpec } from './model/model-spec.ts';
import { openLanguageModel } from './model/open-language-model.ts';
import { createRecordedGenerator } from './recorded/recorded-generator.ts';
import { createRepairGenerator } from './repair/repair-generator.ts';
import { parseRepairParameters, repairParametersSchema } from './repair/repair-parameters.ts';

/** Where a file is that a specification names. */
export type PathOf = (name: string) => string;

/** One kind of generator, by the word before the colon. */
interface Kind {
  /** @param pathOf where a file is that the argument names */
  readonly create: (argument: string, pathOf: PathOf) => Promise<Generator>;
  /** The files that the argument names, as it names them. */
  readonly files: (argument: string) => readonly string[];
  /** What a JSON object behind the colon can set, null where there is something else. */
  readonly parameters: z.ZodObject | null;
}

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [
    'repair',
    {
      create: async (argument) => createRepairGenerator(parseRepairParameters(argument)),
      files: () => [],
      parameters: repairParametersSchema,
    },
  ],
  [
    'recorded',
    {
      create: (argument, pathOf) => createRecordedGenerator(recordedFiles(argument).map(pathOf)),
      files: recordedFiles,
      parameters: null,
    },
  ],
  [
    'model',
    {
      create: async (argument, pathOf) => {
        const place = modelFiles(argument).length === 0 ? argument : pathOf(argument);
        return createModelGenerator(await openLanguageModel(await readModelSpec(place), process.env));
      },
      files: modelFiles,
      parameters: null,
    },
  ],
]);

/** How generators are written on the command line: name, or name and argument. */
export const generatorNames: readonly string[] = [
  'repair[:JSON]',
  'recorded:FILE[,FILE…]',
  'model:FILE|JSON',
];

/**
 * @param name `repair`, `repair:` with parameters as a JSON object, `recorded:` with paths of recorded runs, separated by commas,
 * or `model:` with a model's specification as a JSON object or the path of a file that holds it
 * @throws PawlError `GENERATOR_NOT_FOUND` naming the known ones; `GENERATOR_PARAMS`; `USAGE` for an argument that is missing;
 * and what reading recorded files throws
 */
export function createGenerator(name: string): Promise<Generator> {
  return createGeneratorFrom(name, (file) => file);
}

/**
 * As `createGenerator`, with the files that the spec names at other places.
 *
 * @throws PawlError as `createGenerator`
 */
export async function createGeneratorFrom(name: string, pathOf: PathOf): Promise<Generator> {
  const { kind, argument } = partsOf(name);
  return kindNamed(kind).create(argument, pathOf);
}

/**
 * The files that a generator is made of, as its spec names them; none of them holds a secret.
 *
 * @throws PawlError `GENERATOR_NOT_FOUND`
 */
export function generatorFiles(name: string): readonly string[] {
  const { kind, argument } = partsOf(name);
  return kindNamed(kind).files(argument);
}

/**
 * Schema of the parameters of the generator that a spec names; null where it has none.
 *
 * @throws PawlError `GENERATOR_NOT_FOUND`
 */
export function generatorParameters(name: string): z.ZodObject | null {
  return kindNamed(partsOf(name).kind).parameters;
}

function recordedFiles(argument: string): readonly string[] {
  return argument.split(',').filter((path) => path !== '');
}

/** JSON is written where a path could be. */
function modelFiles(argument: string): readonly string[] {
  return argument === '' || argument.trimStart().startsWith('{') ? [] : [argument];
}

function partsOf(name: string): { readonly kind: string; readonly argument: string } {
  const colon = name.indexOf(':');
  if (colon < 0) return { kind: name, argument: '' };
  return { kind: name.slice(0, colon), argument: name.slice(colon + 1) };
}

function kindNamed(name: string): Kind {
  const kind = kinds.get(name);
  if (kind !== undefined) return kind;
  throw new PawlError(
    'GENERATOR_NOT_FOUND',
    `There is no generator "${name}". Known: ${generatorNames.join(', ')}.`,
    { context: { name } },
  );
}
