import type { PawlEvent } from '../events/catalogue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CheckProgress } from '../loop/improve/examine/gate-services.ts';
import type { Standing } from '../loop/improve/examine/settle-proposal.ts';
import type { ImprovementLine } from '../loop/improve/improvement-line.ts';
import type { ImprovementStep } from '../loop/improve/next-step.ts';
import type { ImproveOutcome, ImproveWatch, SittingOptions } from '../loop/improve/sitting.ts';
import { counted } from './branch-text.ts';
import { hint } from './hint.ts';
import {
  alphaLeft,
  alphaText,
  championsTable,
  outcomeText,
  promiseText,
  proposalLine,
  proposalRecords,
  proposalsTable,
} from './improve-story.ts';
import type { Output } from './output.ts';

/** Tells people what the loop does: a few lines per proposal, and what it came to at the end. */
export class ImproveTelling implements ImproveWatch {
  readonly #ledger: Ledger;
  readonly #output: Output;
  readonly #options: { readonly ledger?: string };
  /** What the dev screen said of each proposal; checks on held-out items are nobody's to see. */
  readonly #dev = new Map<string, string>();
  #line: ImprovementLine | null = null;

  constructor(ledger: Ledger, output: Output, options: { readonly ledger?: string }) {
    this.#ledger = ledger;
    this.#output = output;
    this.#options = options;
  }

  async begin(line: ImprovementLine, { proposals, proposers, seed }: SittingOptions): Promise<void> {
    this.#line = line;
    const { state } = line;
    const { sitting, gate, opened } = state;
    const made = sitting === null ? 0 : state.proposalCount - sitting.firstProposal;
    const who = proposers.map(({ name }) => name).join(', ');
    const how = sitting === null ? 'begins' : `goes on after ${made} of`;
    this.#output.note(
      `${line.stream} on ${opened?.suiteName}: ${sitting === null ? `${counted(proposals, 'proposal')} by ${who}, seed ${seed}` : `${how} ${counted(proposals, 'proposal')} by ${who}`}.`,
    );
    if (gate !== null) {
      const { optimize, dev, heldout } = gate.definition.evaluation;
      this.#output.note(
        `Gate ${gate.definition.policy}: ${optimize.count} tasks to search on, ${dev.count} to screen on, ${heldout.count} held out; ${promiseText(gate.definition)}.`,
      );
    }
  }

  readonly onCheck = ({ proposal, check, sentence }: CheckProgress): void => {
    if (check === 'dev') this.#dev.set(proposal, sentence);
  };

  onStep(step: ImprovementStep): void {
    if (step.kind === 'classify')
      this.#output.note('Running the working champion on the tasks to search on …');
  }

  onEvent(event: PawlEvent): void {
    if (event.type === 'FailuresClassified') {
      const { tasks, failed, classes } = event.data;
      const counts = classes.map(({ name, count }) => `${name} ${count}`).join(', ');
      this.#output.note(`${failed} of ${tasks} tasks fail${failed === 0 ? '' : `: ${counts}`}.`);
    } else if (event.type === 'ProposalFailed') this.#tell(event.data.proposal);
  }

  onStanding(proposal: string, standing: Standing): void {
    this.#tell(proposal);
    if (standing === 'awaits-approval')
      this.#output.note(`The proposal ${proposal} waits for people to approve it.`);
  }

  async end(line: ImprovementLine, outcome: ImproveOutcome): Promise<void> {
    const { state, name } = line;
    const first = this.#first;
    for (const record of proposalRecords(state, first)) this.#output.record(record);
    const left = alphaLeft(state);
    const { certified, working, baseline } = state.digests;
    this.#output.record({
      type: 'improvement',
      ...{ line: name, status: outcome.status, reason: outcome.reason },
      ...{ baseline, certified, working, refused: state.refused.length },
      ...{ alphaLeft: left?.budget ?? null, nextLevel: left?.level ?? null, tests: left?.tests ?? null },
    });
    this.#output.text('');
    if (state.proposalCount > first) this.#output.text(`${proposalsTable(state, first)}\n`);
    this.#output.text(`${await championsTable(this.#ledger, state)}\n`);
    if (left !== null) {
      this.#output.text(alphaText(left));
    }
    this.#output.text(endings[outcome.reason]);
    this.#hints(name, outcome);
  }

  /** Index of the first proposal of the sitting, also after it has ended. */
  #first = 0;

  #tell(id: string): void {
    const state = this.#line?.state;
    const proposal = state?.proposals[id];
    if (state === undefined || proposal === undefined) return;
    if (state.sitting !== null) this.#first = state.sitting.firstProposal;
    this.#output.text(proposalLine(state, proposal, this.#dev.get(id) ?? null));
    this.#output.record({ type: 'standing', proposal: id, standing: outcomeText(proposal) });
  }

  #hints(name: string, { status, reason }: ImproveOutcome): void {
    const say = (what: string, command: string): void =>
      this.#output.note(`${what}: ${hint(command, this.#options)}`);
    if (status === 'paused' && reason === 'interrupted') say('Go on', `improve --line ${name}`);
    if (status === 'paused' && reason === 'approval')
      say('See who has to approve, and approve it (pawl approve)', `gate show --line ${name}`);
    if (status === 'finished') say('What the held-out items can still show', `gate plan --line ${name}`);
    say('Check all of it', `replay improvement-${name}`);
  }
}

const endings: Readonly<Record<ImproveOutcome['reason'], string>> = {
  proposals: 'The sitting is over: all its proposals were judged.',
  nothing_to_propose: 'The sitting is over: nobody has anything left to propose.',
  held_out_exhausted:
    'The sitting is over: the held-out items are used up. Certify more with fresh items, in a new epoch.',
  interrupted: 'Stopped; everything so far is recorded.',
  approval: 'Stopped: somebody has to approve first.',
};
