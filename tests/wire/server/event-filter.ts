import type { StoredEvent } from './stored-event.ts';

/** Which events of the log a reader or subscriber wants. */
export type EventFilter = (event: StoredEvent) => boolean;

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

export function eventFilter(options: FilterOptions | undefined): EventFilter {
  if (options === undefined) return () => true;
  const byStream = options.hasStreamIdentifier();
  const expression = byStream ? options.getStreamIdentifier() : options.getEventType();
  const of = byStream ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  const source = expression?.getRegex() ?? '';
  if (source !== '') {
    const pattern = new RegExp(source);
    return (event) => pattern.test(of(event));
  }
  const prefixes = expression?.getPrefixList() ?? [];
  return (event) => {
    const text = of(event);
    return prefixes.some((prefix) => text.startsWith(prefix));
  };
}
