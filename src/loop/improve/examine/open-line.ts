import { type GateDefinition, gateDigest } from '../../../../gates/definition/gate-definition.ts';
import { epochAlpha, openedAccount } from '../../../../gates/governance/epoch-account.ts';
import type { PawlEvent } from '../../../events/catalogue.ts';
import type { RunSlot } from '../../../events/slots.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { digestOf } from '../../../kernel/digest.ts';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { NewBlob } from '../../../ledger/event-store.ts';
import { type Ledger, newBlob } from '../../../ledger/ledger.ts';
import type { Splits } from '../../../tasks/split.ts';
import type { Suite } from '../../../tasks/suite.ts';
import { freezeSplit } from '../../freeze-split.ts';
import { registerSuite } from '../../register-suite.ts';
import { ImprovementLine } from '../improvement-line.ts';
import { testedBefore } from '../opened-items.ts';
import { refuseProtected } from '../protected-items.ts';
import { contentBlob, type SlotContent } from '../slot-content.ts';
import type { GateServices } from './gate-services.ts';
import { detectableEffect } from './held-out-left.ts';
import { type LineSplits, readingOrder } from './make-gate-definition.ts';
import { heldOutOpened } from './register-gate.ts';

/** A line of improvement that is to be opened. */
export interface NewLine {
  readonly name: string;
  readonly suite: Suite;
  /** As `loadSuite` takes it. */
  readonly suiteSpec: string;
  /** How the suite was cut, and which parts are used for what. */
  readonly plan: Splits;
  readonly splits: LineSplits;
  /** Made from the same suite, splits and seed (`makeGateDefinition`). */
  readonly definition: GateDefinition;
  /** What is there to begin with, and nobody claims to be an improvement. */
  readonly baseline: {
    readonly strategy: SlotContent<'strategy'>;
    readonly generator: SlotContent<'generator'>;
    readonly scorer: SlotContent<'scorer'>;
    readonly prompt: SlotContent<'prompt'> | null;
  };
  /** As `person:ada`. */
  readonly author: string;
}

/**
 * Opens a line with its gate, its held-out items and its baseline, in one append: there is no half of it.
 *
 * @throws PawlError `GATE_INVALID` for held-out items that cannot find anything, and where the definition is not made of these
 * splits; `HELD_OUT_PROTECTED` where another line holds some of these items out, or did before; `SPLIT_INVALID` when the ledger
 * froze other splits; `WRONG_EXPECTED_REVISION` when the line is there already
 */
export async function openLine(
  { name, suite, suiteSpec, plan, splits, definition, baseline, author }: NewLine,
  services: GateServices,
): Promise<ImprovementLine> {
  const { ledger, writer } = services;
  const line = await ImprovementLine.open(name, services);
  if (line.revision >= 0) throw alreadyOpen(line);
  refuseHopeless(definition);
  const lists = listsOf(splits, definition);
  // Another line would show these items to its proposers, or spend alpha on them a second time.
  const used = [splits.optimize, splits.dev, splits.heldout].flatMap(({ items }) => items);
  await refuseProtected(ledger, suite.digest, used);
  await refuseTested(ledger, suite, splits);
  await registerSuite(ledger, suite, writer);
  for (const { split } of partsOf(splits)) await freezeSplit(ledger, plan, split, writer);
  await ledger.putBlobs(lists);
  const gate = gateDigest(definition);
  const installed = Object.entries(baseline).flatMap(([slot, content]) =>
    content === null ? [] : [installation(slot as RunSlot, content as Json, author)],
  );
  const events: PawlEvent[] = [
    {
      type: 'ImprovementOpened',
      data: { name, suite: suite.digest, suiteName: suite.name, suiteSpec, author },
    },
    {
      type: 'GateRegistered',
      data: {
        ...{ gate, replaces: null, proposal: null, author },
        definition: definition as unknown as JsonObject,
      },
    },
    await heldOutOpened(ledger, gate, definition, 1),
    ...installed.map(({ event }) => event),
  ];
  await line.append(
    events,
    installed.map(({ blob }) => blob),
  );
  return line;
}

function installation(
  slot: RunSlot,
  content: Json,
  author: string,
): { readonly event: PawlEvent; readonly blob: NewBlob } {
  const { blob, ref, hash } = contentBlob(content);
  const data = { slot, champion: hash, content: ref, reason: 'The baseline of the line.', author };
  return { event: { type: 'ChampionInstalled', data }, blob };
}

function partsOf({ optimize, dev, heldout, sealed }: LineSplits) {
  return sealed === null ? [optimize, dev, heldout] : [optimize, dev, heldout, sealed];
}

/** The lists of items behind the digests of the definition. */
function listsOf(splits: LineSplits, { evaluation }: GateDefinition): readonly NewBlob[] {
  const { optimize, dev, heldout, sealed, seed } = evaluation;
  const named: readonly (readonly [readonly string[], string])[] = [
    [splits.optimize.items, optimize.items],
    [splits.dev.items, dev.items],
    [readingOrder(splits.heldout, seed), heldout.items],
    ...(splits.sealed === null || sealed === null ? [] : [[splits.sealed.items, sealed.items] as const]),
  ];
  const isRight = named.every(([items, digest]) => digestOf(items) === digest);
  if (isRight && (splits.sealed === null) === (sealed === null))
    return named.map(([items]) => newBlob(canonicalJson(items)).blob);
  throw new PawlError(
    'GATE_INVALID',
    'The definition of the gate is about other items than the splits of the line.',
  );
}

/** Held-out items that cannot find even a large effect at the first level would decide nothing, at some cost. */
function refuseHopeless(definition: GateDefinition): void {
  const { level, budget } = openedAccount(definition, epochAlpha(definition, 1));
  if (budget === null) return;
  const detectable = detectableEffect(definition, level, null);
  const { mdeMax, evaluation } = definition;
  if (detectable !== null && detectable <= mdeMax) return;
  const found = detectable === null ? 'none at all' : `from ${detectable.toFixed(3)} on`;
  throw new PawlError(
    'GATE_INVALID',
    `With ${evaluation.heldout.count} held-out items the first test finds effects ${found} (80 % power), and only effects up to ${mdeMax} are hoped for (mdeMax). Hold out more items; \`pawl gate plan\` says how many. Or raise mdeMax, and know that only larger effects will be found.`,
    { context: { items: evaluation.heldout.count } },
  );
}

/** A new line does not give back the alpha that another has spent on the same items. */
async function refuseTested(ledger: Ledger, suite: Suite, { heldout }: LineSplits): Promise<void> {
  const tester = await testedBefore(ledger, suite.digest, new Set(heldout.items));
  if (tester === null) return;
  throw new PawlError(
    'HELD_OUT_PROTECTED',
    `Items of "${heldout.split}" were held out by ${tester} before: a new line would spend alpha on them a second time. Hold out others (--heldout, --shares, another suite).`,
    { context: { line: tester, split: heldout.split } },
  );
}

function alreadyOpen({ name }: ImprovementLine): PawlError {
  return new PawlError(
    'WRONG_EXPECTED_REVISION',
    `The ledger has a line of improvement "${name}" already. Go on with it, or open another one (--line NAME).`,
    { context: { line: name } },
  );
}
