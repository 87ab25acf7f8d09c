import { z } from 'zod';
import type { EventDefinition } from '../../../src/events/define-event.ts';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { digestOf } from '../../../src/kernel/digest.ts';
import { messageOf } from '../../../src/kernel/pawl-error.ts';
import { deepFreeze } from '../../support/deep-freeze.ts';
import { withAmbientForbidden } from '../../support/with-ambient-forbidden.ts';
import {
  type Catalogue,
  type EventsLock,
  type GoldenEvent,
  type GoldenLedgers,
  schemaOf,
  upcastSteps,
} from './events-lock.ts';
import type { BrokenRule } from './evolution-rules.ts';
import { shapeChanges } from './shape-changes.ts';

/**
 * Compares today's catalogue with what was released. Names every rule that an edit breaks; empty where none is.
 *
 * @param version of Pawl, whose entry of the lock must be today's catalogue
 */
export function checkEvolution(
  lock: EventsLock,
  version: string,
  catalogue: Catalogue,
  golden: GoldenLedgers,
): readonly BrokenRule[] {
  const releases = Object.entries(lock.releases).filter(([release]) => release !== lock.unreleased);
  const newest = releases.at(-1)?.[1] ?? {};
  const isReleased = ({ type, version: number }: EventDefinition): boolean =>
    releases.some(([, types]) => types[type] === number);
  const found: BrokenRule[] = [];
  for (const type of new Set(releases.flatMap(([, types]) => Object.keys(types)))) {
    if (!catalogue.has(type))
      found.push({ rule: 'E1', at: type, what: 'it was released, and ledgers hold it' });
  }
  for (const definition of catalogue.values()) {
    found.push(...checkVersion(definition, newest[definition.type]));
    if (isReleased(definition)) found.push(...checkShape(definition, lock));
    found.push(...checkUpcasts(definition, lock, golden));
  }
  return [...found, ...checkLocked(lock, version, catalogue, isReleased)];
}

function checkVersion(
  { type, version, upcasts }: EventDefinition,
  released: number | undefined,
): readonly BrokenRule[] {
  const found: BrokenRule[] = [];
  if (released !== undefined && version < released)
    found.push({ rule: 'E2', at: type, what: `version ${released} was released, and this is ${version}` });
  if (version > (released ?? 0) + 1)
    found.push({
      rule: 'E8',
      at: type,
      what: `version ${version} follows ${released === undefined ? 'no release' : `version ${released}`}`,
    });
  if (upcasts.length !== version - 1)
    found.push({
      rule: 'E7',
      at: type,
      what: `version ${version} takes ${version - 1} upcasts, and there are ${upcasts.length}`,
    });
  return found;
}

function checkShape(definition: EventDefinition, lock: EventsLock): readonly BrokenRule[] {
  const before = lock.schemas[`${definition.type}@${definition.version}`];
  if (before === undefined) return [];
  return shapeChanges(definition.type, before, schemaOf(definition));
}

function checkUpcasts(
  definition: EventDefinition,
  lock: EventsLock,
  golden: GoldenLedgers,
): readonly BrokenRule[] {
  const { type, schema, upcasts, version } = definition;
  if (upcasts.length !== version - 1) return [];
  const found: BrokenRule[] = [];
  for (const [release, events] of Object.entries(golden)) {
    const own = events.filter((event) => event.type === type && event.version < version);
    if (own.length === 0) continue;
    const impure = impurityOf(definition, own);
    if (impure !== null) {
      found.push({ rule: 'E10', at: type, what: impure });
      continue;
    }
    const steps = upcastSteps(definition, own);
    for (const data of steps.get(`${type}@${version - 1}`) ?? []) {
      const parsed = schema.safeParse(data);
      if (parsed.success) continue;
      const what = `${release} does not become version ${version}: ${z.prettifyError(parsed.error)}`;
      found.push({ rule: 'E9', at: type, what: what.replaceAll('\n', ' ') });
      break;
    }
    for (const [step, results] of steps) {
      const locked = lock.upcasts[`${step} ${release}`];
      if (locked === undefined || locked === digestOf(results)) continue;
      found.push({ rule: 'E11', at: step, what: `it makes something else of ${release} than it did` });
    }
  }
  return found;
}

/** An upcast looks at the data alone, leaves it as it was, and says the same each time. */
function impurityOf(definition: EventDefinition, events: readonly GoldenEvent[]): string | null {
  const frozen = events.map((event) => deepFreeze(structuredClone(event)));
  try {
    const [first, second] = withAmbientForbidden(() => [
      canonicalJson([...upcastSteps(definition, frozen)]),
      canonicalJson([...upcastSteps(definition, frozen)]),
    ]);
    return first === second ? null : 'it gives something else each time';
  } catch (error) {
    return messageOf(error);
  }
}

function checkLocked(
  lock: EventsLock,
  version: string,
  catalogue: Catalogue,
  isReleased: (definition: EventDefinition) => boolean,
): readonly BrokenRule[] {
  const found: BrokenRule[] = [];
  const locked = lock.releases[version];
  for (const [type, definition] of catalogue) {
    const known = lock.schemas[`${type}@${definition.version}`];
    if (locked?.[type] === definition.version && known !== undefined) {
      if (!isReleased(definition) && canonicalJson(known) !== canonicalJson(schemaOf(definition)))
        found.push({ rule: 'E12', at: type, what: `its shape is not the one locked for ${version}` });
      continue;
    }
    const what = `its version ${definition.version} is not in the lock for ${version}`;
    found.push({ rule: 'E12', at: type, what });
  }
  for (const type of Object.keys(locked ?? {})) {
    if (!catalogue.has(type))
      found.push({
        rule: 'E12',
        at: type,
        what: `it is in the lock for ${version} and not in the catalogue`,
      });
  }
  return found;
}
