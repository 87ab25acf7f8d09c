import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { repositoryRoot } from '../support/repository-root.ts';

/** When a process is killed: some time after its start, or as soon as a reader sees so many new records. */
export type KillMoment =
  | { readonly kind: 'after time'; readonly ms: number }
  | { readonly kind: 'after records'; readonly count: number };

/** How the process ended, and the records that a reader saw while it ran: position to bytes. */
export interface Killed {
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly seen: ReadonlyMap<number, Buffer>;
}

/** Runs `pawl` with these arguments on a ledger, follows the ledger from outside, and kills the process at the moment. */
export async function runPawl(
  path: string,
  args: readonly string[],
  moment: KillMoment | null,
): Promise<Killed> {
  const child = spawn(
    process.execPath,
    ['src/cli/main.ts', ...args, '--ledger', `sqlite:${path}`, '--json', '-j', '2'],
    { cwd: repositoryRoot, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'close');
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const over = new AbortController();
  child.on('exit', () => over.abort());
  const seen = new Map<number, Buffer>();
  const following = follow(path, child, moment, seen, over.signal);
  if (moment?.kind === 'after time') {
    setTimeout(moment.ms, undefined, { signal: over.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
  }
  const [exitCode, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  await following;
  return { killed: signal === 'SIGKILL', exitCode, stderr, seen };
}

/** Everything in the seen map was committed while the process lived: nothing of it may ever go or change. */
async function follow(
  path: string,
  child: ChildProcess,
  moment: KillMoment | null,
  seen: Map<number, Buffer>,
  over: AbortSignal,
): Promise<void> {
  const store = await openWhenThere(path, over);
  if (store === null) return;
  try {
    const { size } = await store.head();
    for await (const { position, bytes } of store.subscribe(0, over)) {
      seen.set(position, Buffer.from(bytes));
      if (moment?.kind === 'after records' && position + 1 >= size + moment.count) child.kill('SIGKILL');
    }
  } finally {
    await store.close();
  }
}

async function openWhenThere(path: string, over: AbortSignal) {
  while (!over.aborted) {
    try {
      return await openSqliteStore({ path, mode: 'read', pollMs: 1 });
    } catch (error) {
      if (!isPawlError(error, 'LEDGER_NOT_FOUND')) throw error;
    }
    // The other process makes the file; there is no event for it that would come sooner on every system.
    await setTimeout(1);
  }
  return null;
}
