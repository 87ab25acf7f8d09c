import type { Clock } from '../../../kernel/clock.ts';
import type { LogClient, LogEvent, LogFilter, LogNews, LogPosition } from './log-client.ts';
import type { Patience } from './patience.ts';

/** How long a following may be silent before the log itself is read: old servers do not say that they have sent all. */
const silenceMsMax = 2_000;
const pageMax = 64;

/** Everything in the log that matches a filter, up to what is there when this is called. */
export class MatchingEvents {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #clock: Clock;

  constructor(client: LogClient, patience: Patience, clock: Clock) {
    this.#client = client;
    this.#patience = patience;
    this.#clock = clock;
  }

  /** @throws LogFailure */
  async *read(filter: LogFilter): AsyncGenerator<LogEvent> {
    const [last] = await this.#page({ from: 'end', direction: 'backwards', countMax: 1 });
    const end = last?.position;
    if (end == null) return;
    const stop = new AbortController();
    let seen: LogPosition | 'start' = 'start';
    const news = this.#client.follow(filter, seen, stop.signal, null)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#nextOrSilence(news);
        if (next === 'silence') break;
        if (next === null || next.kind === 'caught up') return;
        const position: LogPosition | null = next.kind === 'event' ? next.event.position : next.position;
        if (position !== null && position.commit > end.commit) return;
        if (position !== null) seen = position;
        if (next.kind === 'event') yield next.event;
        if (position !== null && position.commit === end.commit) return;
      }
    } finally {
      stop.abort();
      await news.return?.(undefined);
    }
    yield* this.#rest(filter, seen, end);
  }

  async #nextOrSilence(news: AsyncIterator<LogNews>): Promise<LogNews | 'silence' | null> {
    const heard = new AbortController();
    const silence = this.#clock.sleep(silenceMsMax, heard.signal).then(
      () => 'silence' as const,
      () => 'silence' as const,
    );
    try {
      const next = await Promise.race([news.next(), silence]);
      return next === 'silence' ? next : next.done === true ? null : next.value;
    } finally {
      heard.abort();
    }
  }

  /** From what was seen last to the end, with the filter applied here. */
  async *#rest(filter: LogFilter, seen: LogPosition | 'start', end: LogPosition): AsyncGenerator<LogEvent> {
    for (let from = seen; ; ) {
      const events = await this.#page({ from, direction: 'forwards', countMax: pageMax });
      let next: LogPosition | undefined;
      for (const event of events) {
        const { position } = event;
        if (position === null || (from !== 'start' && position.commit <= from.commit)) continue;
        if (position.commit > end.commit) return;
        next = position;
        if (matches(filter, event)) yield event;
      }
      if (next === undefined) return;
      from = next;
    }
  }

  #page(page: Parameters<LogClient['readAll']>[0]): Promise<readonly LogEvent[]> {
    return this.#patience.retry(() => this.#client.readAll(page, this.#patience.callTimeoutMs));
  }
}

function matches(filter: LogFilter, { stream, type }: LogEvent): boolean {
  return 'streamPrefixes' in filter
    ? filter.streamPrefixes.some((prefix) => stream.startsWith(prefix))
    : filter.typePrefixes.some((prefix) => type.startsWith(prefix));
}
