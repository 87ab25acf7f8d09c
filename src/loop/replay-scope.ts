import type { StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readRunState } from './run-state.ts';
import { suiteStream } from './stream-names.ts';

/** What is to be replayed. */
export type ReplayWhat =
  | { readonly kind: 'all' }
  | { readonly kind: 'run'; readonly run: StreamName }
  | { readonly kind: 'episode'; readonly episode: StreamName }
  /** A line of improvement with its suite and every run that was made for it. */
  | { readonly kind: 'line'; readonly line: StreamName };

/** Milliseconds since the epoch, both included; null leaves a side open. */
export interface TimeWindow {
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

/** Streams to replay, as `replayScope` chose them. */
export interface ReplayScope {
  /** In the order of their first record; a run stands before its episodes and behind its suite. */
  readonly streams: readonly StreamName[];
  /** Streams that would have been replayed as well, and of which nothing was recorded in the window. */
  readonly leftOut: number;
}

/**
 * Chooses the streams to replay. A stream is replayed whole as soon as one of its events was recorded in the window, because
 * what follows cannot be derived without what came before.
 *
 * @throws PawlError `RUN_NOT_FOUND`, `IMPROVEMENT_NOT_FOUND`
 */
export async function replayScope(
  ledger: Ledger,
  what: ReplayWhat,
  window: TimeWindow,
): Promise<ReplayScope> {
  const streams = await streamsOf(ledger, what);
  if (window.sinceMs === null && window.untilMs === null) return { streams, leftOut: 0 };
  const inside = await recordedWithin(ledger, what, streams, window);
  const chosen = streams.filter((stream) => inside.has(stream));
  return { streams: chosen, leftOut: streams.length - chosen.length };
}

async function streamsOf(ledger: Ledger, what: ReplayWhat): Promise<readonly StreamName[]> {
  if (what.kind === 'episode') return [what.episode];
  if (what.kind === 'all') {
    const all: StreamName[] = [];
    for await (const stream of ledger.streams('')) all.push(stream);
    return all;
  }
  if (what.kind === 'line') return lineStreams(ledger, what.line);
  const { started, episodes } = await readRunState(ledger, what.run);
  const streams = [suiteStream(started.suite), what.run];
  for (const { episode } of episodes) {
    // One that was scheduled and never began has no stream.
    if ((await ledger.lastRevision(episode)) >= 0) streams.push(episode);
  }
  return streams;
}

async function lineStreams(ledger: Ledger, line: StreamName): Promise<readonly StreamName[]> {
  const streams = new Set<StreamName>();
  for await (const event of ledger.readStream(line)) {
    const names = event.type === 'EvaluationRequested' || event.type === 'HeldOutUsed';
    if (!names || (await ledger.lastRevision(event.data.run)) < 0) continue;
    for (const stream of await streamsOf(ledger, { kind: 'run', run: event.data.run })) streams.add(stream);
  }
  if ((await ledger.lastRevision(line)) >= 0) return [...streams, line];
  throw new PawlError('IMPROVEMENT_NOT_FOUND', `The ledger has no line of improvement "${line}".`, {
    context: { line },
  });
}

async function recordedWithin(
  ledger: Ledger,
  what: ReplayWhat,
  streams: readonly StreamName[],
  { sinceMs, untilMs }: TimeWindow,
): Promise<ReadonlySet<StreamName>> {
  const inside = new Set<StreamName>();
  const look = ({ stream, at }: { readonly stream: StreamName; readonly at: number }): void => {
    if ((sinceMs === null || at >= sinceMs) && (untilMs === null || at <= untilMs)) inside.add(stream);
  };
  if (what.kind === 'all') {
    for await (const events of ledger.readBatches()) for (const event of events) look(event);
    return inside;
  }
  for (const stream of streams) for await (const event of ledger.readStream(stream)) look(event);
  return inside;
}
