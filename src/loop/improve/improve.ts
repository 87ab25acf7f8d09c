import type { PawlEvent } from '../../events/catalogue.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { isPawlError, messageOf, PawlError } from '../../kernel/pawl-error.ts';
import { newBlob } from '../../ledger/ledger.ts';
import { cutText } from '../cut-text.ts';
import type { RunSignals } from '../execute-run.ts';
import { askProposer } from './ask-proposer.ts';
import { evaluate } from './examine/evaluate.ts';
import { examine } from './examine/examine.ts';
import type { GateServices } from './examine/gate-services.ts';
import { settleEpoch } from './examine/settle-epoch.ts';
import { casesText, classifyFailures } from './failures/classify-failures.ts';
import type { ImprovementLine } from './improvement-line.ts';
import { evolveLineMemory, initialLineMemory, type LineMemory } from './line-memory.ts';
import { type ImprovementStep, nextImprovementStep } from './next-step.ts';
import { ProposerReader } from './proposer-reader.ts';
import { makeProposerView } from './proposer-view.ts';
import type { Proposer, ProposerView } from './proposers/proposer.ts';
import { recordedProposer } from './proposers/registry.ts';
import { readFinishedEpisodes } from './read-finished-episodes.ts';
import type { ImproveOutcome, ImproveWatch, SittingOptions } from './sitting.ts';
import { sittingTotals } from './sitting-totals.ts';

/**
 * One sitting of improvement: evaluates the working champion on `optimize`, sorts its failures, has a change proposed, leads it
 * through the gate, and again, from whatever holds then. What to do next follows from the history alone (`nextImprovementStep`),
 * so a loop that was stopped or killed goes on where it was.
 *
 * @throws PawlError `LEDGER_BUSY` when another process works on the line; `PROPOSER_FAILED` where a sitting goes on without the
 * proposers it began with; what evaluating and examining throw. The sitting is then paused.
 */
export async function improve(
  line: ImprovementLine,
  services: GateServices,
  options: SittingOptions,
  signals: RunSignals,
  watch: ImproveWatch,
): Promise<ImproveOutcome> {
  const session = new Sitting(line, services, options, signals, watch);
  try {
    return await session.work();
  } catch (error) {
    signals.abort.throwIfAborted();
    if (isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw busy(line, error);
    if (isPawlError(error, 'INTERRUPTED')) return session.pause('interrupted', '');
    // As good as it goes: where the ledger itself is what failed, this fails too, and the first failure is what counts.
    await session.pause('failure', messageOf(error)).catch(() => undefined);
    throw error;
  }
}

class Sitting {
  readonly #line: ImprovementLine;
  readonly #services: GateServices;
  readonly #options: SittingOptions;
  readonly #signals: RunSignals;
  readonly #watch: ImproveWatch;
  readonly #memory: LineMemory = initialLineMemory();
  #folded = -1;

  constructor(
    line: ImprovementLine,
    services: GateServices,
    options: SittingOptions,
    signals: RunSignals,
    watch: ImproveWatch,
  ) {
    this.#line = line;
    this.#services = services;
    this.#options = options;
    this.#signals = signals;
    this.#watch = watch;
  }

  async work(): Promise<ImproveOutcome> {
    if (this.#line.state.sitting === null) await this.#append(this.#started());
    for (;;) {
      this.#signals.abort.throwIfAborted();
      const step = await this.#next();
      if (this.#signals.pause.aborted && step.kind !== 'finish') return this.pause('interrupted', '');
      this.#watch.onStep(step);
      const outcome = await this.#perform(step);
      if (outcome !== null) return outcome;
    }
  }

  async pause(reason: 'interrupted' | 'failure' | 'approval', note: string): Promise<ImproveOutcome> {
    if (this.#line.state.sitting !== null) {
      const data = { reason, note: cutText(note, 2000) };
      await this.#append({ type: 'ImprovementPaused', data });
    }
    return { status: 'paused', reason: reason === 'approval' ? 'approval' : 'interrupted' };
  }

  async #next(): Promise<ImprovementStep> {
    await this.#catchUp();
    this.#checkTaxonomy();
    const step = nextImprovementStep(this.#line.state, this.#memory);
    if (step.kind === 'examine') return step;
    // An examination ends with this; a loop that was killed behind its decision may not have come to it.
    await settleEpoch(this.#line, this.#services);
    await this.#catchUp();
    return nextImprovementStep(this.#line.state, this.#memory);
  }

  async #perform(step: ImprovementStep): Promise<ImproveOutcome | null> {
    switch (step.kind) {
      case 'none':
        throw new PawlError('INTERNAL', `${this.#line.stream} has no sitting and no gate to go on with.`);
      case 'examine':
        await this.#examine(step.proposal);
        return null;
      case 'await-approval':
        this.#watch.onStanding(step.proposal, 'awaits-approval');
        return this.#awaitApproval(step.proposal);
      case 'ask':
        await this.#ask(step.proposal);
        return null;
      case 'classify':
        await this.#classify();
        return null;
      case 'request':
        await this.#request(step);
        return null;
      case 'finish':
        return this.#finish(step.reason);
    }
  }

  /** Failures that are sorted otherwise would be asked for again and again. */
  #checkTaxonomy(): void {
    const { name, version } = this.#options.taxonomy;
    const begun = this.#memory.sitting?.taxonomy;
    if (begun === undefined || (begun.name === name && begun.version === version)) return;
    throw new PawlError(
      'USAGE',
      `The sitting sorts failures by ${begun.name} version ${begun.version}, not by ${name} version ${version}. Go on with the same.`,
      { context: { line: this.#line.stream } },
    );
  }

  #started(): PawlEvent {
    const { proposals, seed, proposers, taxonomy } = this.#options;
    const { gate } = this.#line.state;
    if (gate === null) throw new PawlError('INTERNAL', `${this.#line.stream} has no gate.`);
    return {
      type: 'ImprovementStarted',
      data: {
        proposals,
        seed,
        proposers: proposers.map(recordedProposer),
        taxonomy: { name: taxonomy.name, version: taxonomy.version },
        budget: gate.definition.evaluation.budget,
      },
    };
  }

  async #examine(proposal: string): Promise<void> {
    try {
      const standing = await examine(this.#line, this.#services, proposal, this.#signals);
      this.#watch.onStanding(proposal, standing);
    } catch (error) {
      // What is written down already says so; the next step is to end.
      if (!isPawlError(error, 'HELD_OUT_EXHAUSTED') || this.#line.state.epoch?.exhausted == null) throw error;
    }
  }

  async #awaitApproval(proposal: string): Promise<ImproveOutcome> {
    // Said once: asking again changes nothing.
    if (this.#line.state.sitting?.paused === true) return { status: 'paused', reason: 'approval' };
    return this.pause('approval', `The proposal ${proposal} waits for approvals.`);
  }

  async #classify(): Promise<void> {
    const { state } = this.#line;
    const slots = state.working;
    const request = { purpose: 'optimize', slots, proposal: null } as const;
    const { configuration, runs } = await evaluate(this.#line, this.#services, request, this.#signals);
    await this.#catchUp();
    const [run] = runs;
    if (run === undefined) throw new PawlError('INTERNAL', 'An evaluation is of one run at least.');
    const { taxonomy } = this.#options;
    const episodes = await readFinishedEpisodes(this.#reader(), run);
    const { cases, ...counts } = classifyFailures(episodes, taxonomy);
    const { blob, ref } = newBlob(casesText(cases));
    const data = { configuration, run, taxonomy: { name: taxonomy.name, version: taxonomy.version } };
    await this.#append(
      { type: 'FailuresClassified', data: { ...data, ...counts, classes: [...counts.classes], cases: ref } },
      [blob],
    );
  }

  async #request({ slot, targetFailure, proposer, seed }: Extract<ImprovementStep, { kind: 'request' }>) {
    const view = await makeProposerView(this.#reader(), slot, targetFailure);
    const { blob, ref } = newBlob(canonicalJson(view));
    const proposal = this.#services.ids.next();
    const data = { proposal, slot, targetFailure, proposer, seed, view: ref };
    await this.#append({ type: 'ProposalRequested', data }, [blob]);
  }

  async #ask(id: string): Promise<void> {
    const request = this.#memory.requests[id];
    if (request === undefined) throw new PawlError('INTERNAL', `nobody was asked for the proposal ${id}`);
    const proposer = this.#proposer(request.proposer.name, request.proposer.version);
    const text = await this.#services.ledger.getText(request.view.digest);
    const view = JSON.parse(text) as ProposerView;
    const { event, blobs } = await askProposer(proposer, request, view, this.#signals.abort);
    await this.#append(event, blobs);
  }

  async #finish(reason: Extract<ImprovementStep, { kind: 'finish' }>['reason']): Promise<ImproveOutcome> {
    const totals = sittingTotals(this.#line.state);
    await this.#append({ type: 'ImprovementFinished', data: { reason, ...totals } });
    return { status: 'finished', reason };
  }

  #proposer(name: string, version: number): Proposer {
    const found = this.#options.proposers.find(
      (proposer) => proposer.name === name && proposer.version === version,
    );
    if (found !== undefined) return found;
    const message = `The sitting goes on with the proposer ${name} version ${version}, which is not here.`;
    throw new PawlError('PROPOSER_FAILED', message, { context: { kind: 'crash', name } });
  }

  #reader(): ProposerReader {
    return new ProposerReader(this.#services.ledger, this.#line.state, this.#memory);
  }

  async #append(event: PawlEvent, blobs: Parameters<ImprovementLine['append']>[1] = []): Promise<void> {
    await this.#line.append([event], blobs, this.#signals.abort);
    this.#watch.onEvent(event);
  }

  /** Takes in what was written since, by whomever. */
  async #catchUp(): Promise<void> {
    const { ledger } = this.#services;
    const refused = new Set(this.#line.state.refused.map(({ revision }) => revision));
    for await (const event of ledger.readStream(this.#line.stream, this.#folded + 1)) {
      if (!refused.has(event.revision)) evolveLineMemory(this.#memory, event);
      this.#folded = event.revision;
    }
  }
}

function busy(line: ImprovementLine, cause: PawlError): PawlError {
  const message = `Somebody else works on ${line.stream} at the same time and was faster. Nothing is lost: go on when they are done.`;
  return new PawlError('LEDGER_BUSY', message, { context: { line: line.stream }, cause });
}
