import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { repositoryRoot } from '../support/repository-root.ts';

const mainFile = join(repositoryRoot, 'src/cli/main.ts');

/** What a finished process left behind. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process under way: wait for what it says, send it a signal, or wait for its end. */
export interface UnderWay {
  readonly child: ChildProcess;
  /** Resolves as soon as stdout and stderr together hold the pattern; rejects when the process ends without. */
  readonly said: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Compiled modules are kept between processes: it halves what each of them takes to start. */
const compileCache = join(repositoryRoot, '.pawl/tests/compile-cache');

/** The environment without what would change a test; each directory has keys and remembered checkpoints of its own. */
function cleanEnvironment(
  directory: string,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const { PAWL_LEDGER: _ledger, PAWL_ACTOR: _actor, FORCE_COLOR: _color, ...rest } = process.env;
  const home = homeOf(directory);
  return { ...rest, NODE_COMPILE_CACHE: compileCache, ...home, ...extra };
}

/** Where commands that are run in a directory keep their keys and what they remember. */
export function homeOf(directory: string): {
  readonly XDG_CONFIG_HOME: string;
  readonly XDG_STATE_HOME: string;
} {
  const home = join(repositoryRoot, '.pawl/tests/home', basename(directory));
  return { XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') };
}

/** Starts the real command in a directory. */
export function startPawl(
  directory: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): UnderWay {
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: directory,
    env: cleanEnvironment(directory, environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let over = false;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of waiting) check();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  const ended = once(child, 'close').then(([exitCode]): Ended => {
    over = true;
    look();
    return { exitCode: exitCode as number | null, stdout, stderr };
  });
  const said = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = pattern.test(stdout) || pattern.test(stderr);
        if (!found && !over) return;
        waiting.delete(check);
        if (found) resolve();
        else reject(new Error(`pawl ended without saying ${pattern}:\n${stdout}\n${stderr}`));
      };
      waiting.add(check);
      check();
    });
  return { child, said, ended };
}

/** Runs the real command to its end. */
export function pawl(
  directory: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return startPawl(directory, args, environment).ended;
}

/** Runs a line of shell in which `pawl` is the real command. */
export async function shell(directory: string, line: string): Promise<Ended> {
  const script = `pawl() { "${process.execPath}" "${mainFile}" "$@"; }; set -o pipefail; ${line}`;
  const child = spawn('bash', ['-c', script], {
    cwd: directory,
    env: cleanEnvironment(directory),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode: exitCode as number | null, stdout, stderr };
}

/** Every line of stdout as JSON; throws where one is not. */
export function jsonLines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  if (stdout === '') return [];
  if (!stdout.endsWith('\n')) throw new Error(`stdout ends within a line: ${stdout.slice(-200)}`);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}
