import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Generator } from '../generators/generator.ts';
import { createGeneratorFrom, generatorFiles } from '../generators/registry.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { GeneratorFile } from '../loop/work/enqueue-run.ts';

/** What common file systems take. */
const fileNameBytesMax = 255;

/**
 * The files that a generator is made of, read here, so that they can travel with a run.
 *
 * @throws PawlError `GENERATOR_NOT_FOUND`; `USAGE` for a file that cannot be read
 */
export function readGeneratorFiles(spec: string): Promise<readonly GeneratorFile[]> {
  const names = [...new Set(generatorFiles(spec))];
  return Promise.all(names.map(async (name) => ({ name, bytes: await bytesOf(name) })));
}

async function bytesOf(name: string): Promise<Uint8Array> {
  try {
    return await readFile(name);
  } catch (cause) {
    throw new PawlError('USAGE', `The generator's file ${name} cannot be read: ${messageOf(cause)}`, {
      context: { file: name },
      cause,
    });
  }
}

/**
 * A generator from files that came with a run: they are put into a directory of their own, under the names they had, and removed
 * as soon as it is made, because a generator reads its files then. So nothing is left behind by a worker that is killed.
 *
 * @throws PawlError as `createGeneratorFrom`; `GENERATOR_UNSUITABLE` for a file that did not come with the run
 */
export async function createQueuedGenerator(
  spec: string,
  files: readonly GeneratorFile[],
): Promise<Generator> {
  const directory = await mkdtemp(join(tmpdir(), 'pawl-generator-'));
  try {
    const places = new Map<string, string>();
    for (const [index, { name, bytes }] of files.entries()) {
      // Two files may have one name in two directories, and a generator may go by the name.
      const place = join(directory, `${index}`, fileName(name));
      await mkdir(join(directory, `${index}`));
      await writeFile(place, bytes, { mode: 0o600 });
      places.set(name, place);
    }
    return await createGeneratorFrom(spec, (name) => placeOf(places, name));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The last part of a name, where a file can be called so: the name is whatever was written into the ledger. */
function fileName(name: string): string {
  const last = basename(name);
  const isUsable = last !== '' && last !== '.' && last !== '..' && !last.includes('\0');
  return isUsable && Buffer.byteLength(last) <= fileNameBytesMax ? last : 'file';
}

function placeOf(places: ReadonlyMap<string, string>, name: string): string {
  const place = places.get(name);
  if (place !== undefined) return place;
  throw new PawlError('GENERATOR_UNSUITABLE', `The file ${name} was not queued with the run.`, {
    context: { file: name },
  });
}
