import { fileURLToPath } from 'node:url';

/** Absolute path of this repository, without a trailing slash. */
export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
