import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { GateServices } from '../../src/loop/improve/examine/gate-services.ts';
import { standardTaxonomy } from '../../src/loop/improve/failures/standard-taxonomy.ts';
import { improve } from '../../src/loop/improve/improve.ts';
import type { ImprovementLine } from '../../src/loop/improve/improvement-line.ts';
import type { ChangeContract, Proposer, ProposerView } from '../../src/loop/improve/proposers/proposer.ts';
import type { ImproveWatch, SittingOptions } from '../../src/loop/improve/sitting.ts';
import { skilled } from './toy-line.ts';

export const neverStops = { pause: new AbortController().signal, abort: new AbortController().signal };

export interface ToyProposerOptions {
  /** The contract for a view; one skill after the other where left out. */
  readonly propose?: (view: ProposerView, seed: string) => ChangeContract | Promise<ChangeContract>;
  readonly name?: string;
  readonly config?: Proposer['config'];
}

/** Proposes one skill after the other for the generator, then says that nothing is left. It remembers what it was shown. */
export class ToyProposer implements Proposer {
  readonly name: string;
  readonly version = 1;
  readonly config: Proposer['config'];
  readonly slots = ['generator'] as const;
  readonly deterministic = false;
  readonly party = 'model:toy';
  readonly views: ProposerView[] = [];
  readonly seeds: string[] = [];
  readonly #propose: NonNullable<ToyProposerOptions['propose']>;

  constructor(skills: readonly string[], { propose, name = 'toy', config = {} }: ToyProposerOptions = {}) {
    this.name = name;
    this.config = config;
    this.#propose = propose ?? ((view) => nextSkill(skills, view));
  }

  async propose(view: ProposerView, seed: string): Promise<ChangeContract> {
    this.views.push(view);
    this.seeds.push(seed);
    return this.#propose(view, seed);
  }

  async close(): Promise<void> {}
}

function nextSkill(skills: readonly string[], { past }: ProposerView): ChangeContract {
  const skill = skills[past.length];
  if (skill === undefined) throw new PawlError('GENERATOR_EXHAUSTED', 'No skill is left.');
  return contractFor(skill);
}

export function contractFor(skill: string): ChangeContract {
  return {
    content: skilled(skill),
    hypothesis: `It has ${skill}.`,
    predictedGain: 0.1,
    falsifiedBy: 'No gain on dev.',
    usage: { inputTokens: 1, outputTokens: 2 },
  };
}

/** Hears what the loop tells. */
export class ToyWatch implements ImproveWatch {
  readonly steps: string[] = [];
  readonly events: PawlEvent['type'][] = [];
  readonly standings: string[] = [];

  onStep({ kind }: Parameters<ImproveWatch['onStep']>[0]): void {
    this.steps.push(kind);
  }

  onEvent({ type }: PawlEvent): void {
    this.events.push(type);
  }

  onStanding(_proposal: string, standing: string): void {
    this.standings.push(standing);
  }
}

/** A sitting over a toy line, with what is the same in most tests. */
export function sit(
  line: ImprovementLine,
  services: GateServices,
  options: Partial<SittingOptions> & Pick<SittingOptions, 'proposers'>,
  watch: ImproveWatch = new ToyWatch(),
  signals = neverStops,
) {
  const usual = { proposals: 3, seed: 'toy', taxonomy: standardTaxonomy };
  return improve(line, services, { ...usual, ...options }, signals, watch);
}

/**
 * The events of a line without what differs from process to process: no ids, no times, and names that are made of ids numbered by
 * their first appearance.
 */
export async function withoutIds(
  ledger: Ledger,
  events: readonly AnyRecordedEvent[],
): Promise<readonly string[]> {
  const numbers = new Map<string, string>();
  const numbered = (text: string): string =>
    text.replaceAll(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, (id) => {
      const known = numbers.get(id) ?? `#${numbers.size}`;
      numbers.set(id, known);
      return known;
    });
  const lines: string[] = [];
  for (const { type, data } of events) {
    // Its cases name episodes, so that their digest is made of ids too.
    const cases =
      type === 'FailuresClassified' ? { cases: JSON.parse(await ledger.getText(data.cases.digest)) } : {};
    lines.push(numbered(`${type} ${canonicalJson({ ...data, ...cases })}`));
  }
  return lines;
}
