import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';

export type EventsByStream = ReadonlyMap<StreamName, readonly AnyRecordedEvent[]>;

/** What must be in a bundle because of what it is about. */
export interface ScopeParts {
  /** What is certainly not there although it should be; null where nothing is. */
  missing(): string | null;
  /** What the bundle cannot show to be complete; null where nothing is. */
  open(): string | null;
  /** What is there, in a sentence. */
  summary(texts: string): string;
}

export function counted(value: number, what: string): string {
  return `${value} ${what}${value === 1 ? '' : 's'}`;
}
