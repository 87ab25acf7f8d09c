import type { AnyRecordedEvent } from '../events/record.ts';
import type { SlotKind } from '../events/slots.ts';
import { type GateReport, gateReport } from '../exchange/gate/gate-report.ts';
import type { Digest } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Json } from '../kernel/json.ts';
import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';
import { examine } from '../loop/improve/examine/examine.ts';
import { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { contentFromText, propose } from '../loop/improve/propose.ts';
import { contentBlob } from '../loop/improve/slot-content.ts';
import { findLine } from './find-line.ts';
import { gateSession } from './gate-session.ts';
import { knownAnswer } from './known-answer.ts';
import { lineInterpreters } from './line-interpreters.ts';
import { type OpenedForCli, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import type { Output } from './output.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

/** A content that is to be judged for a slot. */
export interface ChallengerRequest {
  /** Address of the ledger. */
  readonly ledger: string;
  /** The only line there is, where none is named. */
  readonly line: string | undefined;
  readonly slot: SlotKind;
  /** As `contentFromText` takes it. */
  readonly text: string;
  readonly author: string;
  readonly hypothesis: string;
  readonly sandbox: SandboxOptions;
  /** Where files of own checks are looked for. */
  readonly checksDirectory: string;
}

/**
 * What the gate says about a content. It was asked before: the same answer, from the record, and a ledger that is only read is
 * enough for that. Otherwise the content is proposed and examined.
 *
 * @throws PawlError `PROPOSAL_INVALID` and others for a content that does not fit the slot, and what examining throws
 */
export async function checkChallenger(request: ChallengerRequest, output: Output): Promise<GateReport> {
  const known = await whileOpen(request, 'read', async (opened, line) => {
    const content = await contentFromText(line, request.slot, request.text);
    return reportIfKnown(opened, line, request.slot, contentBlob(content).hash);
  });
  return known ?? whileOpen(request, 'write', (opened, line) => judge(opened, line, request, output));
}

async function whileOpen<Result>(
  { ledger: address, line: wanted }: ChallengerRequest,
  purpose: 'read' | 'write',
  use: (opened: OpenedForCli, line: ImprovementLine) => Promise<Result>,
): Promise<Result> {
  const opened = await openForCli(address, purpose);
  try {
    const name = await findLine(opened.ledger, wanted);
    return await use(opened, await ImprovementLine.open(name, { ...opened, clock: systemClock }));
  } finally {
    await opened.ledger.close();
  }
}

async function reportIfKnown(
  opened: OpenedForCli,
  line: ImprovementLine,
  slot: SlotKind,
  challenger: Digest,
): Promise<GateReport | null> {
  const answer = knownAnswer(line.state, slot, challenger);
  if (answer.kind === 'decided') return reportOf(opened, line, answer.proposal);
  if (answer.kind !== 'baseline') return null;
  const nothing = {
    proposal: null,
    hypothesis: null,
    author: null,
    steps: [],
    budget: null,
    decidedMs: null,
  };
  const gate = line.state.gate?.digest ?? null;
  const sentence = `The slot ${slot} holds exactly that already: there is nothing to decide.`;
  return { line: line.name, slot, challenger, gate, ...nothing, outcome: 'promote', sentence };
}

async function judge(
  opened: OpenedForCli,
  line: ImprovementLine,
  request: ChallengerRequest,
  output: Output,
): Promise<GateReport> {
  const content = await contentFromText(line, request.slot, request.text);
  const challenger = contentBlob(content).hash;
  // Somebody may have asked the same since it was read.
  const known = await reportIfKnown(opened, line, request.slot, challenger);
  if (known !== null) return known;
  const answer = knownAnswer(line.state, request.slot, challenger);
  const proposal =
    answer.kind === 'under-way' ? answer.proposal : await proposed(opened, line, request, content);
  const sandboxes = await openSandboxes(request.sandbox, output);
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const { checksDirectory } = request;
    const { jobs } = request.sandbox;
    const sandbox = await sandboxes.like(await lineInterpreters(opened.ledger, line));
    const session = gateSession(opened, sandbox, { jobs, output, checksDirectory }, ({ check, verdict }) =>
      output.note(`${check}: ${verdict}`),
    );
    await examine(line, session.services, proposal, signals);
    session.clear();
    return await reportOf(opened, line, proposal);
  } catch (error) {
    if (!isPawlError(error, 'HELD_OUT_EXHAUSTED')) throw error;
    const report = await reportOf(opened, line, proposal);
    return { ...report, outcome: 'inconclusive', sentence: (error as PawlError).message };
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}

async function proposed(
  { ids }: OpenedForCli,
  line: ImprovementLine,
  { slot, author, hypothesis }: ChallengerRequest,
  content: Json,
): Promise<string> {
  const proposal = ids.next();
  const claim = {
    targetFailure: 'any',
    predictedGain: line.state.gate?.definition.mde ?? 0,
    falsifiedBy: 'The gate does not say promote.',
  };
  await propose(line, { proposal, slot, content, author, hypothesis, ...claim });
  return proposal;
}

async function reportOf({ ledger }: OpenedForCli, line: ImprovementLine, id: string): Promise<GateReport> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(line.stream)) events.push(event);
  return gateReport(line.state, events, id);
}
