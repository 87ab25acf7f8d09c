import type { LogClient, LogEvent, LogNews } from '../../../../src/ledger/stores/eventstore/log-client.ts';

type Read = (...args: never[]) => Promise<readonly LogEvent[]>;

/** Counts the events that come through a client, by whatever way. */
export function countingClient(): {
  readonly through: (client: LogClient) => LogClient;
  events(): number;
  reset(): void;
} {
  let count = 0;
  const counted = (read: Read): Read => {
    return async (...args) => {
      const events = await read(...args);
      count += events.length;
      return events;
    };
  };
  async function* followed(news: AsyncIterable<LogNews>): AsyncGenerator<LogNews> {
    for await (const item of news) {
      if (item.kind === 'event') count += 1;
      yield item;
    }
  }
  return {
    events: () => count,
    reset: () => {
      count = 0;
    },
    through: (client) =>
      new Proxy(client, {
        get(target, key) {
          const member = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          const call = member.bind(target);
          if (key === 'readAll' || key === 'readStream') return counted(call);
          if (key === 'follow') return (...args: Parameters<LogClient['follow']>) => followed(call(...args));
          return call;
        },
      }),
  };
}
