import type { Readable } from 'node:stream';
import { z } from 'zod';

/** One line of what an engine tells while it builds or pulls. */
export interface EngineProgress {
  /** What happens, for people; may hold control characters. */
  readonly text: string;
  /** Of one layer, where the engine says so. */
  readonly layer: string | null;
  readonly doneBytes: number | null;
  readonly wholeBytes: number | null;
}

/** What went wrong in the middle, in the engine's words. */
export class ProgressError extends Error {}

const lineSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).nullish(),
});

/** Longer lines than any engine writes are cut; one without an end would fill the memory. */
const lineCharactersMax = 1024 * 1024;

/**
 * Reads the JSON lines of a building or pulling engine to their end.
 *
 * @throws ProgressError, the signal's reason, and what the stream throws
 */
export async function readProgress(
  stream: Readable,
  onProgress: (progress: EngineProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const stop = (): void => {
    stream.destroy(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    let rest = '';
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = (lines.pop() ?? '').slice(0, lineCharactersMax);
      for (const line of lines) tell(line, onProgress);
    }
    tell(rest, onProgress);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function tell(line: string, onProgress: (progress: EngineProgress) => void): void {
  if (line.trim() === '') return;
  const parsed = lineSchema.safeParse(parse(line));
  if (!parsed.success) return;
  const { stream, status, id, progressDetail, error, errorDetail } = parsed.data;
  if (error !== undefined) throw new ProgressError(errorDetail?.message ?? error);
  const text = (stream ?? status ?? '').trim();
  if (text === '') return;
  const { current, total } = progressDetail ?? {};
  onProgress({ text, layer: id ?? null, doneBytes: current ?? null, wholeBytes: total ?? null });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
