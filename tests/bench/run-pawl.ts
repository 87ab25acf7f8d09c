import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repository-root.ts';

export const mainFile = join(repositoryRoot, 'src/cli/main.ts');

/** Keys, what is remembered and what is cached, in a directory that is removed after the measurement. */
export function benchEnvironment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, XDG_CACHE_HOME: home };
}

/** The real command, from the start of its process to its end. @throws where it ends with another code than 0 */
export async function runPawl(home: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [mainFile, ...args], { env: benchEnvironment(home) });
}
