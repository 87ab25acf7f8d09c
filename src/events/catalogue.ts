import { PawlError } from '../kernel/pawl-error.ts';
import { auditEvents } from './audit.ts';
import type { EventDefinition, EventOf } from './define-event.ts';
import { episodeEvents } from './episode.ts';
import { examinationEvents } from './examination.ts';
import { heldOutEvents } from './held-out.ts';
import { improvementEvents } from './improvement.ts';
import { runEvents } from './run.ts';
import { suiteEvents } from './suite.ts';
import { workEvents } from './work.ts';

const definitions = [
  ...suiteEvents,
  ...runEvents,
  ...episodeEvents,
  ...auditEvents,
  ...heldOutEvents,
  ...improvementEvents,
  ...examinationEvents,
  ...workEvents,
] as const;

/** Every event of the product. */
export type PawlEvent = EventOf<(typeof definitions)[number]>;
export type EventType = PawlEvent['type'];

/** THE vocabulary: stored type name to definition. A released name never changes its meaning. */
export const catalogue: ReadonlyMap<string, EventDefinition> = new Map(
  definitions.map((definition) => [definition.type, definition]),
);

/** @throws PawlError `UNKNOWN_EVENT_TYPE` */
export function definitionOf(type: string): EventDefinition {
  const definition = catalogue.get(type);
  if (definition === undefined) {
    throw new PawlError(
      'UNKNOWN_EVENT_TYPE',
      `No event is called "${type}". The ledger may come from a newer version of Pawl; upgrade and try again.`,
      { context: { type } },
    );
  }
  return definition;
}
