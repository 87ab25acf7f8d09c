import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EventDefinition } from '../../../src/events/define-event.ts';
import { digestOf } from '../../../src/kernel/digest.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

/** What each release said about the catalogue; committed, and never edited for a version that is released. */
export interface EventsLock {
  /** The version in the making, whose entries may still change. */
  readonly unreleased: string | null;
  /** Per release: the version of each type. */
  readonly releases: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** JSON Schema of the data by `Type@version`. */
  readonly schemas: Readonly<Record<string, JsonObject>>;
  /**
   * Digest of what an upcast makes of the golden data it was made for, by `Type@from` and golden ledger, so that a released
   * upcast goes on doing the same.
   */
  readonly upcasts: Readonly<Record<string, string>>;
}

/** Events of a golden ledger as they were written, before any upcast. */
export interface GoldenEvent {
  readonly type: string;
  readonly version: number;
  readonly data: JsonObject;
}
export type GoldenLedgers = Readonly<Record<string, readonly GoldenEvent[]>>;
export type Catalogue = ReadonlyMap<string, EventDefinition>;

export const lockPath = join(repositoryRoot, 'docs/reference/events.lock.jsonl');

type LockLine =
  | { readonly unreleased: string | null }
  | { readonly release: string; readonly types: Readonly<Record<string, number>> }
  | { readonly event: string; readonly schema: JsonObject }
  | { readonly upcast: string; readonly digest: string };

export function readEventsLock(): EventsLock {
  return parseEventsLock(readFileSync(lockPath, 'utf8'));
}

/** A line for each release, event version and upcast, so that a difference between two locks reads well. */
export function eventsLockText({ unreleased, releases, schemas, upcasts }: EventsLock): string {
  const lines: LockLine[] = [
    { unreleased },
    ...Object.entries(releases).map(([release, types]) => ({ release, types })),
    ...Object.entries(schemas).map(([event, schema]) => ({ event, schema })),
    ...Object.entries(upcasts).map(([upcast, digest]) => ({ upcast, digest })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function parseEventsLock(text: string): EventsLock {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): LockLine => JSON.parse(line));
  const [first] = lines;
  return {
    unreleased: first !== undefined && 'unreleased' in first ? first.unreleased : null,
    releases: Object.fromEntries(
      lines.flatMap((line) => ('release' in line ? [[line.release, line.types]] : [])),
    ),
    schemas: Object.fromEntries(
      lines.flatMap((line) => ('event' in line ? [[line.event, line.schema]] : [])),
    ),
    upcasts: Object.fromEntries(
      lines.flatMap((line) => ('upcast' in line ? [[line.upcast, line.digest]] : [])),
    ),
  };
}

/** The shape of an event's data as JSON Schema (draft 2020-12), from what may be written. */
export function schemaOf({ schema }: EventDefinition): JsonObject {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' })));
}

/** What the golden data of a ledger becomes by each single upcast that it goes through, by `Type@from`. */
export function upcastSteps(
  { type, upcasts }: EventDefinition,
  golden: readonly GoldenEvent[],
): ReadonlyMap<string, readonly JsonObject[]> {
  const steps = new Map<string, JsonObject[]>();
  for (const event of golden) {
    if (event.type !== type) continue;
    let data = event.data;
    for (const [index, upcast] of upcasts.entries()) {
      const from = index + 1;
      if (from < event.version) continue;
      data = upcast(data);
      const step = `${type}@${from}`;
      steps.set(step, [...(steps.get(step) ?? []), data]);
    }
  }
  return steps;
}

export function upcastDigests(catalogue: Catalogue, golden: GoldenLedgers): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const definition of catalogue.values()) {
    for (const [release, events] of Object.entries(golden)) {
      // A copy: an upcast that changes what it is given must not change it for others.
      for (const [step, results] of upcastSteps(definition, structuredClone(events)))
        digests[`${step} ${release}`] = digestOf(results);
    }
  }
  return digests;
}

/**
 * The lock with the entries of one version written anew.
 *
 * @throws RangeError for a version that is released
 */
export function lockedAs(
  lock: EventsLock,
  version: string,
  catalogue: Catalogue,
  golden: GoldenLedgers,
): EventsLock {
  if (version in lock.releases && lock.unreleased !== version)
    throw new RangeError(`${version} is released: what it said about the catalogue is never edited.`);
  const definitions = [...catalogue.values()].toSorted((left, right) => (left.type < right.type ? -1 : 1));
  const released = Object.entries(lock.releases).filter(([name]) => name !== version);
  const kept = new Set(
    released.flatMap(([, types]) => Object.entries(types).map(([type, number]) => `${type}@${number}`)),
  );
  const schemas = Object.entries(lock.schemas).filter(([name]) => kept.has(name));
  const added = definitions
    .map((definition) => [`${definition.type}@${definition.version}`, schemaOf(definition)] as const)
    .filter(([name]) => !kept.has(name));
  const types = Object.fromEntries(definitions.map(({ type, version: number }) => [type, number]));
  return {
    unreleased: version,
    releases: { ...Object.fromEntries(released), [version]: types },
    schemas: Object.fromEntries(
      [...schemas, ...added].toSorted(([left], [right]) => (left < right ? -1 : 1)),
    ),
    upcasts: { ...upcastDigests(catalogue, golden), ...releasedUpcasts(lock, kept) },
  };
}

/** An upcast is released with the version that it leads to. */
function releasedUpcasts({ upcasts }: EventsLock, kept: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(upcasts).filter(([name]) => {
      const [type = '', from = ''] = (name.split(' ')[0] ?? '').split('@');
      return kept.has(`${type}@${Number(from) + 1}`);
    }),
  );
}
