import type { PawlEvent } from '../../events/catalogue.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { Digest } from '../../kernel/brand.ts';
import { isPawlError, messageOf, PawlError } from '../../kernel/pawl-error.ts';
import type { NewBlob } from '../../ledger/event-store.ts';
import { cutText } from '../cut-text.ts';
import type { ChangeContract, Proposer, ProposerView } from './proposers/proposer.ts';
import { contentBlob, parseSlotContent } from './slot-content.ts';

type Request = Extract<AnyRecordedEvent, { type: 'ProposalRequested' }>['data'];
type FailureKind = Extract<PawlEvent, { type: 'ProposalFailed' }>['data']['kind'];

/** What came of asking: a change or a failure, as it is recorded. */
export interface Answer {
  readonly event: Extract<PawlEvent, { type: 'ChangeProposed' | 'ProposalFailed' }>;
  readonly blobs: readonly NewBlob[];
}

/**
 * Asks a proposer what was requested of it. Whatever it does wrong is an answer: it crashes, is late, says what cannot be used,
 * spends more than it may, or has nothing left.
 *
 * @throws only the reason of `signal`
 */
export async function askProposer(
  proposer: Proposer,
  request: Request,
  view: ProposerView,
  signal: AbortSignal,
): Promise<Answer> {
  const { secondsMax, tokensMax } = proposer.config;
  const late = typeof secondsMax === 'number' ? AbortSignal.timeout(secondsMax * 1000 + graceMs) : null;
  const both = late === null ? signal : AbortSignal.any([signal, late]);
  try {
    const contract = await proposer.propose(view, request.seed, both);
    const spent = contract.usage.inputTokens + contract.usage.outputTokens;
    if (typeof tokensMax === 'number' && spent > tokensMax)
      throw new OverBudget(`It took ${spent} tokens; a proposal may take ${tokensMax}.`);
    return changeOf(proposer, request, view.parent, contract);
  } catch (error) {
    signal.throwIfAborted();
    return failureOf(request.proposal, late?.aborted === true ? new TooLate() : error);
  }
}

/** A program ends by its own limit before this one does. */
const graceMs = 2000;

class OverBudget extends Error {}
class TooLate extends Error {
  constructor() {
    super('It did not answer within its time.');
  }
}

function changeOf(
  { party }: Proposer,
  { proposal, slot, targetFailure }: Request,
  parent: Digest,
  { content, hypothesis, predictedGain, falsifiedBy, usage }: ChangeContract,
): Answer {
  if (slot === 'gate')
    throw new PawlError('PROPOSAL_INVALID', 'A gate is changed by a person: `pawl propose --slot gate`.');
  parseSlotContent(slot, content);
  const { blob, ref, hash } = contentBlob(content);
  if (hash === parent) throw new PawlError('PROPOSAL_INVALID', 'It proposes what the slot holds already.');
  const data = { hypothesis, targetFailure, predictedGain, falsifiedBy, usage };
  return {
    event: {
      type: 'ChangeProposed',
      data: { proposal, slot, challenger: hash, content: ref, parent, author: party, ...data },
    },
    blobs: [blob],
  };
}

function failureOf(proposal: string, error: unknown): Answer {
  const coded = isPawlError(error) ? error : new PawlError('PROPOSER_FAILED', messageOf(error));
  const { code, message, entry } = coded;
  return {
    event: {
      type: 'ProposalFailed',
      data: {
        proposal,
        kind: kindOf(error),
        error: { code, message: cutText(message, 4000), retryable: entry.retryable },
      },
    },
    blobs: [],
  };
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof OverBudget) return 'over_budget';
  if (error instanceof TooLate) return 'timeout';
  if (isPawlError(error, 'GENERATOR_EXHAUSTED')) return 'nothing_left';
  if (isPawlError(error, 'PROPOSAL_INVALID')) return 'invalid';
  if (!isPawlError(error, 'PROPOSER_FAILED')) return 'crash';
  const { kind } = error.context;
  return kind === 'timeout' || kind === 'over_budget' || kind === 'invalid' ? kind : 'crash';
}
