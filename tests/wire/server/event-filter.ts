import type { StoredEvent } from './stored-event.ts';

/** Which events of the log a reader or subscriber wants. */
export type EventFilter = (event: StoredEvent) => boolean;

/** What is looked at, and what it must match: the pattern when there is one, else any of the prefixes. */
export interface FilterWords {
  readonly on: 'stream' | 'type';
  readonly regex: string;
  readonly prefixes: readonly string[];
}

interface Expression {
  getRegex(): string;
  getPrefixList(): string[];
}

/** As read requests and requests for persistent subscriptions carry it. */
export interface FilterOptions {
  hasStreamIdentifier(): boolean;
  getStreamIdentifier(): Expression | undefined;
  getEventType(): Expression | undefined;
}

export function filterWords(options: FilterOptions): FilterWords {
  const byStream = options.hasStreamIdentifier();
  const expression = byStream ? options.getStreamIdentifier() : options.getEventType();
  return {
    on: byStream ? 'stream' : 'type',
    regex: expression?.getRegex() ?? '',
    prefixes: expression?.getPrefixList() ?? [],
  };
}

export function filterOf({ on, regex, prefixes }: FilterWords): EventFilter {
  const of = on === 'stream' ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  if (regex !== '') {
    const pattern = new RegExp(regex);
    return (event) => pattern.test(of(event));
  }
  return (event) => {
    const text = of(event);
    return prefixes.some((prefix) => text.startsWith(prefix));
  };
}
