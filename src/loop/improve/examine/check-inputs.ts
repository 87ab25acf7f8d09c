import type { CheckInput } from '../../../../gates/checks/check-input.ts';
import { unitsOf } from '../../../../gates/checks/differences.ts';
import { evidenceSchema } from '../../../../gates/checks/evidence.ts';
import { examinedBefore } from '../../../../gates/checks/examined-before.ts';
import { variancePriorOf } from '../../../../gates/checks/held-out-plan.ts';
import type { ItemOutcome } from '../../../../gates/checks/item-outcome.ts';
import type { ChainStep } from '../../../../gates/definition/chain.ts';
import { disclosedShare } from '../../../../gates/governance/epoch-account.ts';
import type { Examination, Proposal } from '../../../../gates/governance/governance.ts';
import { rationalText } from '../../../../gates/policy/math/rational.ts';
import type { SlotContents } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { Json } from '../../../kernel/json.ts';
import { invariant } from '../../../kernel/pawl-error.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { compareSides } from './compare-sides.ts';
import { evaluate } from './evaluate.ts';
import type { GateServices } from './gate-services.ts';
import { epochOf, gateOf, itemsNamed, suiteOf } from './line-gate.ts';
import { ownCheckMsMax, readOwnCheck, runOwnCheck } from './own-check-process.ts';
import { readHeldOut } from './read-held-out.ts';
import { staticProblems } from './static-problems.ts';

/** One examination while its checks are carried out. */
export class CheckInputs {
  readonly #line: ImprovementLine;
  readonly #services: GateServices;
  readonly #proposal: Proposal;
  readonly #examination: Examination;
  readonly #signals: RunSignals;
  /** Comparisons on dev, by the configuration on the other side. */
  readonly #compared = new Map<Digest, readonly ItemOutcome[]>();

  constructor(
    line: ImprovementLine,
    services: GateServices,
    under: { readonly proposal: Proposal; readonly examination: Examination },
    signals: RunSignals,
  ) {
    this.#line = line;
    this.#services = services;
    this.#proposal = under.proposal;
    this.#examination = under.examination;
    this.#signals = signals;
  }

  /** Carries a check out as far as finding what it decides from. @throws PawlError `INTERRUPTED`, and what runs throw */
  async of(step: ChainStep): Promise<CheckInput> {
    switch (step.kind) {
      case 'static':
        return this.#static();
      case 'own':
        return this.#own(step.name);
      case 'dev':
        return { kind: 'dev', outcomes: await this.#onDev('working') };
      case 'cost':
      case 'latency': {
        const seed = `${gateOf(this.#line).definition.evaluation.seed}/${step.kind}/${this.#proposal.id}`;
        return { kind: step.kind, outcomes: await this.#onDev('working'), seed };
      }
      case 'trigger':
        return this.#trigger();
      case 'heldout':
        return this.#heldOut();
      case 'slices':
        return this.#slices();
    }
  }

  async #static(): Promise<CheckInput> {
    const { challenger, parent } = this.#proposal;
    invariant(challenger !== null && parent !== null, 'what is examined was proposed');
    const problems = await staticProblems(this.#line, this.#services, this.#proposal);
    const before = examinedBefore(this.#line.state, this.#proposal.id);
    return { kind: 'static', challenger, parent, problems: [...problems], examinedBefore: before };
  }

  async #own(name: string): Promise<CheckInput> {
    const { definition } = gateOf(this.#line);
    const own = definition.checks.find((check) => check.name === name);
    const { slot, challenger, parent } = this.#proposal;
    invariant(
      own !== undefined && challenger !== null && parent !== null,
      'the chain has checks of the gate',
    );
    const source = await readOwnCheck(own, this.#services.checksDirectory);
    const request = {
      slot,
      challenger: await this.#content(challenger),
      parent: slot === 'gate' ? (definition as unknown as Json) : await this.#content(parent),
      config: own.config,
    };
    const limits = { wallMs: ownCheckMsMax };
    return { kind: 'own', returned: await runOwnCheck(source, request, limits, this.#signals.abort) };
  }

  async #content(digest: Digest): Promise<Json> {
    return JSON.parse(await this.#services.ledger.getText(digest)) as Json;
  }

  async #onDev(other: 'working' | 'certified'): Promise<ItemOutcome[]> {
    const known = this.#compared.get(this.#examination[other]);
    if (known !== undefined) return [...known];
    const challenger = await this.#evaluate(this.#examination.slots);
    const champion = await this.#evaluate(this.#line.state[other]);
    const { definition } = gateOf(this.#line);
    const suite = await suiteOf(this.#line, this.#services);
    const outcomes = compareSides(challenger.outcomes, champion.outcomes, definition, suite);
    this.#compared.set(this.#examination[other], outcomes);
    return [...outcomes];
  }

  #evaluate(slots: SlotContents) {
    const request = { purpose: 'dev', slots, proposal: this.#proposal.id } as const;
    return evaluate(this.#line, this.#services, request, this.#signals);
  }

  async #trigger(): Promise<CheckInput> {
    const { configuration, certified } = this.#examination;
    const outcomes = configuration === certified ? [] : await this.#onDev('certified');
    const heldOutUnits = await this.#heldOutUnits();
    return { kind: 'trigger', configuration, certified, outcomes, level: this.#level(), heldOutUnits };
  }

  #level(): string {
    return rationalText(epochOf(this.#line).account.level);
  }

  async #heldOutUnits(): Promise<number> {
    const { cluster, evaluation } = gateOf(this.#line).definition;
    if (cluster === null) return evaluation.heldout.count;
    const items = await itemsNamed(this.#services, evaluation.heldout.items as Digest);
    const suite = await suiteOf(this.#line, this.#services);
    const tagsOf = new Map(suite.tasks.map(({ view }) => [view.id, view.tags]));
    return unitsOf(
      items.map((item) => tagsOf.get(item)?.[cluster] ?? null),
      true,
    );
  }

  async #heldOut(): Promise<CheckInput> {
    const { definition } = gateOf(this.#line);
    const level = this.#level();
    const needsPrior = definition.test === 'deadline-bet' || definition.cluster !== null;
    const dev = needsPrior && this.#examination.configuration !== this.#examination.certified;
    const variancePrior = dev ? variancePriorOf(definition, await this.#onDev('certified')) : null;
    const outcomes = await readHeldOut(
      this.#line,
      this.#services,
      {
        ...{ proposal: this.#proposal.id, level, variancePrior },
        challenger: this.#examination.slots,
        champion: this.#line.state.certified,
      },
      this.#signals,
    );
    return { kind: 'heldout', outcomes: [...outcomes], level, variancePrior };
  }

  /** What the held-out test read, from its own evidence: nothing is read twice for it. */
  async #slices(): Promise<CheckInput> {
    const { checks } = this.#line.evaluations;
    const tested = (checks[this.#proposal.id] ?? []).find(({ kind }) => kind === 'heldout');
    invariant(tested !== undefined, 'slices follow the held-out test');
    const evidence = evidenceSchema.parse(await this.#content(tested.evidence.digest));
    invariant(evidence.input.kind === 'heldout', 'the evidence is that of the held-out test');
    const { outcomes } = evidence.input;
    const share = rationalText(disclosedShare(epochOf(this.#line)));
    return { kind: 'slices', outcomes, disclosedShare: share };
  }
}
