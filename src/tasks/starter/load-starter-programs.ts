import { readdir, readFile } from 'node:fs/promises';
import { parseStarterProgram, type StarterProgram } from './starter-program.ts';

const directory = new URL('./programs/', import.meta.url);

/** All programs of the starter suite, by name. */
export async function loadStarterPrograms(): Promise<readonly StarterProgram[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.js')).sort();
  return Promise.all(
    names.map(async (name) =>
      parseStarterProgram(name.slice(0, -'.js'.length), await readFile(new URL(name, directory), 'utf8')),
    ),
  );
}
