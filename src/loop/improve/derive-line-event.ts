import { outcomesOf } from '../../../gates/checks/check-input.ts';
import { decideCheck } from '../../../gates/checks/decide-check.ts';
import { evidenceOf, evidenceSchema } from '../../../gates/checks/evidence.ts';
import { outcomesDigest } from '../../../gates/checks/item-outcome.ts';
import type { Governance } from '../../../gates/governance/governance.ts';
import type { PawlEvent } from '../../events/catalogue.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { BlobRef } from '../../events/shapes.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { isPawlError } from '../../kernel/pawl-error.ts';
import { type Ledger, newBlob } from '../../ledger/ledger.ts';
import { memberDifferences, textDifferences } from '../replay-difference.ts';
import { Diverged, Inconclusive, refuted } from '../replay-stops.ts';
import { askProposer } from './ask-proposer.ts';
import { casesText, classifyFailures } from './failures/classify-failures.ts';
import { taxonomyNamed } from './failures/taxonomies.ts';
import type { LineMemory } from './line-memory.ts';
import { nextImprovementStep } from './next-step.ts';
import { ProposerReader } from './proposer-reader.ts';
import { makeProposerView } from './proposer-view.ts';
import type { ProposerView } from './proposers/proposer.ts';
import { recreateProposer } from './proposers/registry.ts';
import { readFinishedEpisodes } from './read-finished-episodes.ts';
import { sittingTotals } from './sitting-totals.ts';
import { slotContentSchemas } from './slot-content.ts';

type Event<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>;

/**
 * Derives an event of a line from what stands before it and holds it against what was recorded. False for a fact, which nothing
 * can derive.
 *
 * @throws Diverged; Inconclusive; PawlError `BLOB_NOT_FOUND`, `BLOB_ERASED`
 */
export async function deriveLineEvent(
  ledger: Ledger,
  state: Governance,
  memory: LineMemory,
  event: AnyRecordedEvent,
): Promise<boolean> {
  switch (event.type) {
    case 'FailuresClassified':
      return classified(new ProposerReader(ledger, state, memory), event);
    case 'ProposalRequested':
      return requested(ledger, state, memory, event);
    case 'ChangeProposed':
    case 'ProposalFailed':
      return answered(ledger, memory, event);
    case 'CheckFinished':
      return checked(ledger, state, event);
    case 'ImprovementFinished':
      return finished(state, memory, event);
    // The rules leave one way only how these can stand in a history.
    case 'GateDecided':
    case 'ChallengerPromoted':
    case 'HeldOutOpened':
      return true;
    default:
      return false;
  }
}

async function classified(reader: ProposerReader, event: Event<'FailuresClassified'>): Promise<true> {
  const { run, configuration, taxonomy: named } = event.data;
  const taxonomy = taxonomyNamed(named.name, named.version);
  if (taxonomy === undefined)
    throw new Inconclusive(
      `the taxonomy ${named.name} version ${named.version}, which this build does not have`,
    );
  const episodes = await readFinishedEpisodes(reader, run).catch((error: unknown) => {
    if (isPawlError(error, 'HELD_OUT_SEALED'))
      throw refuted(event, 'history', `${run} is no run of this line on "optimize"`);
    throw error;
  });
  const { cases, ...counts } = classifyFailures(episodes, taxonomy);
  const text = casesText(cases);
  const data = { configuration, run, taxonomy: named, ...counts, cases: newBlob(text).ref };
  return same(event, data, text);
}

async function requested(
  ledger: Ledger,
  state: Governance,
  memory: LineMemory,
  event: Event<'ProposalRequested'>,
): Promise<true> {
  const step = nextImprovementStep(state, memory);
  if (step.kind !== 'request') {
    throw refuted(event, 'history', `nothing asks for a proposal here: the next step is ${step.kind}`);
  }
  const { slot, targetFailure, proposer, seed } = step;
  const view = await makeProposerView(new ProposerReader(ledger, state, memory), slot, targetFailure);
  const text = canonicalJson(view);
  const data = { slot, targetFailure, proposer, seed, view: newBlob(text).ref };
  return same(event, { proposal: event.data.proposal, ...data }, text, ledger);
}

async function answered(
  ledger: Ledger,
  { requests, sitting }: LineMemory,
  event: Event<'ChangeProposed'> | Event<'ProposalFailed'>,
): Promise<boolean> {
  const request = requests[event.data.proposal];
  // Somebody brought it without being asked.
  if (request === undefined) return false;
  const { name, version } = request.proposer;
  const known = sitting?.proposers.find((proposer) => proposer.name === name && proposer.version === version);
  if (known === undefined) throw refuted(event, 'history', `the sitting has no proposer ${name}`);
  const isLate = event.type === 'ProposalFailed' && event.data.kind === 'timeout';
  if (known.config['deterministic'] !== true || isLate) return formed(ledger, request, event);
  const proposer = await recreateProposer(known).catch(() => null);
  if (proposer === null)
    throw new Inconclusive(`the proposer ${name} version ${version}, which this build does not have`);
  try {
    const view = JSON.parse(await ledger.getText(request.view.digest)) as ProposerView;
    const { event: asked, blobs } = await askProposer(proposer, request, view, new AbortController().signal);
    if (asked.type !== event.type)
      throw refuted(event, 'kind', `${name} answers with ${asked.type} when it is asked again`, {
        type: asked.type,
        data: asked.data as JsonObject,
      });
    const [content] = blobs;
    return same(event, asked.data as JsonObject, Buffer.from(content?.bytes ?? []).toString(), ledger);
  } finally {
    await proposer.close();
  }
}

/** What a model or a program answered is a fact; that it answers what was asked, in a form that the slot takes, is not. */
async function formed(
  ledger: Ledger,
  { slot, targetFailure, view }: LineMemory['requests'][string],
  event: Event<'ChangeProposed'> | Event<'ProposalFailed'>,
): Promise<false> {
  if (event.type === 'ProposalFailed') return false;
  const { parent } = JSON.parse(await ledger.getText(view.digest)) as ProposerView;
  const { data } = event;
  if (data.slot !== slot || data.targetFailure !== targetFailure || data.parent !== parent)
    throw refuted(event, 'content', 'it answers another question than was asked');
  const content: unknown = JSON.parse(await ledger.getText(data.content.digest));
  if (slot === 'gate' || !slotContentSchemas[slot].safeParse(content).success)
    throw refuted(event, 'content', `its content cannot be put into the slot ${slot}`);
  return false;
}

async function checked(
  ledger: Ledger,
  { gate, proposals }: Governance,
  event: Event<'CheckFinished'>,
): Promise<true> {
  const { data } = event;
  const parsed = evidenceSchema.safeParse(JSON.parse(await ledger.getText(data.evidence.digest)));
  if (!parsed.success) throw refuted(event, 'content', 'its evidence is no evidence of a check');
  const { input } = parsed.data;
  const step = proposals[data.proposal]?.examination?.chain.find(({ name }) => name === data.check);
  if (gate === null || step === undefined || step.kind !== input.kind)
    throw refuted(event, 'content', `its evidence is of another check than ${data.check}`);
  const result = decideCheck(step, gate.definition, input);
  const { verdict, method, level, statistic, itemsUsed, sentence } = result;
  const derived = { verdict, method, level, statistic, items: itemsUsed, sentence };
  const text = canonicalJson(evidenceOf(step, input, result));
  const outcomes = outcomesDigest(outcomesOf(input));
  return same(event, { ...data, ...derived, evidence: newBlob(text).ref, outcomes }, text, ledger);
}

function finished(state: Governance, memory: LineMemory, event: Event<'ImprovementFinished'>): Promise<true> {
  const step = nextImprovementStep(state, memory);
  const { reason: told } = event.data;
  const reason = step.kind === 'finish' ? step.reason : told;
  if (step.kind !== 'finish' && told !== 'held_out_exhausted')
    throw refuted(event, 'history', `the sitting is not at its end: the next step is ${step.kind}`);
  return same(event, { reason, ...sittingTotals(state) });
}

/** @param text of the blob that what was asked refers to */
async function same(
  event: AnyRecordedEvent,
  asked: JsonObject | PawlEvent['data'],
  text?: string,
  ledger?: Ledger,
): Promise<true> {
  const recorded = event.data as JsonObject;
  const derived = asked as JsonObject;
  if (canonicalJson(derived) === canonicalJson(recorded)) return true;
  const compared = { type: event.type, data: derived };
  const reason = `${event.type} was asked for with other data than was recorded`;
  const { divergence } = refuted(event, 'content', reason, compared);
  const made = text === undefined ? null : { ref: newBlob(text).ref as BlobRef, text };
  const texts =
    ledger === undefined || made === null
      ? []
      : await textDifferences(compared, { type: event.type, data: recorded }, async (digest) =>
          digest === made.ref.digest ? made.text : ledger.getText(digest),
        );
  throw new Diverged({ ...divergence, members: memberDifferences(derived, recorded), texts });
}
