import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clusterPlace } from '../cluster-place.ts';
import { benchDirectory } from '../ledger-fixture.ts';
import { benchEnvironment, mainFile } from '../run-pawl.ts';
import type { CountedCalls } from './count-calls.ts';
import type { EpisodeCosts } from './workload.ts';

/** What was counted besides what the simulation needs, for the page. */
export interface MeasuredEpisodes {
  readonly episodes: number;
  readonly costs: EpisodeCosts;
  /** Calls, events and bytes per episode, by kind of call and of stream. */
  readonly calls: CountedCalls['calls'];
}

const counting = join(import.meta.dirname, 'count-calls.ts');

/**
 * A worker on its own with a queue of so many episodes of the starter suite on the wire server, its calls counted in the
 * client; and the same run in memory, for what the work costs without a server.
 */
export async function measureEpisodes(episodes: number): Promise<MeasuredEpisodes> {
  const directory = benchDirectory();
  const place = await clusterPlace();
  const scale = ['--limit', String(episodes), '--seed', 'scale'];
  const run = async (name: string, args: readonly string[]): Promise<CountedCalls> => {
    const counted = join(directory.path, `${name}.json`);
    const env = { ...benchEnvironment(directory.path), PAWL_COUNTED_CALLS: counted };
    await promisify(execFile)(process.execPath, ['--import', counting, mainFile, ...args], { env });
    return JSON.parse(readFileSync(counted, 'utf8')) as CountedCalls;
  };
  try {
    const address = place.address();
    await run('queue', ['run', '--queue', ...scale, '--ledger', address]);
    const worker = await run('worker', ['worker', '-j', '1', '--until-idle', '--ledger', address]);
    const alone = await run('alone', ['run', '-j', '1', ...scale, '--ledger', 'memory:']);
    // Starting (interpreters, modules) is paid once per process, and both pay it; what is left of it in the work is small.
    const started = await run('started', ['run', '-j', '1', '--limit', '1', '--ledger', 'memory:']);
    const workMs = (alone.cpuMs - started.cpuMs) / (episodes - 1);
    const ledgerCpuMs = Math.max(0, worker.cpuMs - alone.cpuMs) / episodes;
    return { episodes, calls: worker.calls, costs: { ...costsOf(worker, episodes), workMs, ledgerCpuMs } };
  } finally {
    await place.stop();
    directory.remove();
  }
}

function costsOf({ calls }: CountedCalls, episodes: number): Omit<EpisodeCosts, 'workMs' | 'ledgerCpuMs'> {
  const sum = (wanted: (key: string) => boolean, member: 'calls' | 'events' | 'bytes'): number =>
    Object.entries(calls).reduce((total, [key, counted]) => total + (wanted(key) ? counted[member] : 0), 0) /
    episodes;
  const records = (key: string): boolean => key === 'append records';
  const blobs = (key: string): boolean => key === 'append blob';
  // Heartbeats are no cost of an episode: they go on whether there is work or not.
  const queue = (key: string): boolean =>
    /^(append|tombstoneStream) /.test(key) && !records(key) && !blobs(key) && !/ workers?$/.test(key);
  const reads = (key: string): boolean => key.startsWith('readStream ');
  return {
    events: sum(records, 'events'),
    eventBytes: sum(records, 'bytes'),
    appends: sum(records, 'calls'),
    blobAppends: sum(blobs, 'calls'),
    blobBytes: sum(blobs, 'bytes'),
    queueAppends: sum(queue, 'calls'),
    reads: sum(reads, 'calls'),
    readBytes: sum(reads, 'bytes'),
  };
}
