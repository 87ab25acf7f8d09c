import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { SlotKind } from '../../src/events/slots.ts';
import type { GenerationRequest, Generator } from '../../src/generators/generator.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import type { Json } from '../../src/kernel/json.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import type { CheckProgress, GateServices } from '../../src/loop/improve/examine/gate-services.ts';
import {
  type GateOptions,
  type LineSplits,
  makeGateDefinition,
} from '../../src/loop/improve/examine/make-gate-definition.ts';
import { type NewLine, openLine } from '../../src/loop/improve/examine/open-line.ts';
import { ImprovementLine } from '../../src/loop/improve/improvement-line.ts';
import { contentBlob } from '../../src/loop/improve/slot-content.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import type { Splits } from '../../src/tasks/split.ts';
import type { Suite } from '../../src/tasks/suite.ts';
import { ScriptedSandbox } from './scripted-sandbox.ts';
import { testEnvironment } from './test-environment.ts';
import { farCall, farValue, toyTask, toyText } from './toy-language.ts';
import { toyLedger } from './toy-run.ts';

const startMs = Date.UTC(2026, 0, 1);

/** Parts of a suite of toy tasks by their numbers of tasks; task ids say the part and the place, `dev-3`. */
export interface ToyParts {
  readonly optimize: number;
  readonly dev: number;
  readonly heldout: number;
  readonly final: number;
}

export const toyParts: ToyParts = { optimize: 4, dev: 12, heldout: 16, final: 8 };

/**
 * A generator that solves the share `skill` of each part, those with the lowest numbers first, and nothing else: who has more
 * skill solves all that one with less does. `skill:0.5`, or by part, `skill:dev=0.5,heldout=0.2`.
 */
export class SkilledGenerator implements Generator {
  readonly ref: Generator['ref'];
  readonly requests: string[] = [];
  readonly #skills: ReadonlyMap<string, number>;
  readonly #parts: ToyParts;

  constructor(spec: string, parts: ToyParts) {
    this.ref = { name: 'skilled', version: 1, config: { spec } };
    const told = spec.replace(/^skill:/, '');
    const pairs = told.includes('=') ? told.split(',').map((pair) => pair.split('=')) : [['', told]];
    this.#skills = new Map(pairs.map(([part = '', skill]) => [part, Number(skill)]));
    this.#parts = parts;
    if ([...this.#skills.values()].some(Number.isNaN))
      throw new PawlError('GENERATOR_PARAMS', `"${spec}" says no skill.`);
  }

  async generate({ task, seed }: GenerationRequest) {
    this.requests.push(seed);
    const [part = '', place] = task.id.split('-');
    const skill = this.#skills.get(part) ?? this.#skills.get('') ?? 0;
    const solves = Number(place) < skill * this.#parts[part as keyof ToyParts];
    const cases = task.publicTests.kind === 'cases' ? task.publicTests.cases : [];
    const right = cases.map(({ call, expected }) => [call, expected] as const);
    const program = toyText(Object.fromEntries(solves ? [...right, [farCall, farValue]] : [['f(0)', '9']]));
    return { program: `# ${seed}\n${program}`, note: '', usage: { inputTokens: 1, outputTokens: 1 } };
  }

  async close(): Promise<void> {}
}

export function toySuite(parts: ToyParts = toyParts): Suite {
  const ids = Object.entries(parts).flatMap(([part, count]) => idsOf(part, count));
  return makeSuite(
    'toy',
    'native',
    ids.map((id) => toyTask(id, 1)),
  );
}

function idsOf(part: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `${part}-${place}`);
}

export interface ToyLineOptions {
  readonly name?: string;
  readonly parts?: ToyParts;
  readonly skill?: string;
  /** Settings of the gate; small sets of items find large effects only, and that is allowed. */
  readonly gate?: Partial<GateOptions>;
}

export const toySettings: Partial<GateOptions> = {
  ...{ mde: 0.3, mdeMax: 0.9 },
  ...{ cost: null, latency: null, trigger: { powerMin: 0.1, shrink: 1 } },
};

export function toyNewLine({
  name = 'toy',
  parts = toyParts,
  skill = 'skill:0.25',
  gate = {},
}: ToyLineOptions = {}) {
  const suite = toySuite(parts);
  const plan: Splits = {
    suite: suite.digest,
    plan: {
      ...{ seed: 'toy', groupBy: null, stratifyBy: null },
      fractions: { optimize: 0.25, select: 0.25, heldout: 0.25, final: 0.25 },
    },
    parts: {
      optimize: idsOf('optimize', parts.optimize),
      select: idsOf('dev', parts.dev),
      heldout: idsOf('heldout', parts.heldout),
      final: idsOf('final', parts.final),
    },
  };
  const splits: LineSplits = {
    optimize: { split: 'optimize', items: plan.parts.optimize },
    dev: { split: 'select', items: plan.parts.select },
    heldout: { split: 'heldout', items: plan.parts.heldout },
    sealed: parts.final === 0 ? null : { split: 'final', items: plan.parts.final },
  };
  const scorer = { name: 'tests', version: 1 };
  const definition = makeGateDefinition({
    ...{ name, suite, splits, scorer, seed: 'toy' },
    budget: { candidates: 1, executions: null, tokens: null, stepsPerExecution: null },
    ...toySettings,
    ...gate,
  });
  const opened: NewLine = {
    ...{ name, suite, suiteSpec: 'toy', plan, splits, definition, author: 'person:ada' },
    baseline: {
      strategy: strategyRef(strategyNamed('best-of-n'), { candidates: 1 }),
      ...{ generator: skilled(skill), scorer, prompt: null },
    },
  };
  return opened;
}

export function skilled(spec: string) {
  return { spec, ref: { name: 'skilled', version: 1, config: { spec } } };
}

export interface ToyGate extends GateServices {
  readonly sandbox: ScriptedSandbox;
  /** What was told while it went on, and how many candidates were asked for. */
  readonly told: CheckProgress[];
  readonly generated: () => number;
}

/** One process at work on a line: its own clock, ids and interpreters over a store that others may use as well. */
export function toyGate(
  store: EventStore,
  label: string,
  parts: ToyParts = toyParts,
  sandbox: ScriptedSandbox = new ScriptedSandbox(),
): ToyGate {
  const clock = steppingClock(startMs, 1);
  const told: CheckProgress[] = [];
  const generators: SkilledGenerator[] = [];
  return {
    ...{ ledger: toyLedger(store, label), writer: { actor: 'test', correlation: 'test' }, clock },
    ids: seededIdSource(clock, seededRandom(`ids of ${label}`)),
    ...{ sandbox, told, concurrency: 1, checksDirectory: '.' },
    loadSuite: async () => toySuite(parts),
    createGenerator: async (spec) => {
      const generator = new SkilledGenerator(spec, parts);
      generators.push(generator);
      return generator;
    },
    environment: () => testEnvironment,
    onEvaluation: () => undefined,
    onCheck: (progress) => told.push(progress),
    generated: () => generators.reduce((sum, { requests }) => sum + requests.length, 0),
  };
}

export async function openToyLine(services: GateServices, options: ToyLineOptions = {}) {
  return openLine(toyNewLine(options), services);
}

/** Somebody proposes content for a slot; the id is the proposal's. */
export async function proposeContent(
  line: ImprovementLine,
  services: GateServices,
  change: { readonly slot?: SlotKind; readonly content: Json; readonly author?: string },
): Promise<string> {
  const { slot = 'generator', content, author = 'tuner' } = change;
  const { blob, ref, hash } = contentBlob(content);
  const { state } = line;
  const parent = slot === 'gate' ? state.gate?.digest : state.working[slot];
  if (parent === undefined) throw new Error(`the slot ${slot} is empty`);
  const proposal = services.ids.next();
  const event: PawlEvent = {
    type: 'ChangeProposed',
    data: {
      ...{ proposal, slot, challenger: hash, content: ref, parent, author },
      ...{ hypothesis: 'It solves more.', targetFailure: 'wrong-answer', predictedGain: 0.1 },
      ...{ falsifiedBy: 'No gain.', usage: { inputTokens: 0, outputTokens: 0 } },
    },
  };
  await line.append([event], [blob]);
  return proposal;
}

export async function eventsOfLine(
  services: Pick<GateServices, 'ledger'>,
  line: Pick<ImprovementLine, 'stream'>,
): Promise<readonly AnyRecordedEvent[]> {
  return Array.fromAsync(services.ledger.readStream(line.stream));
}

export function reopen(services: GateServices, name = 'toy'): Promise<ImprovementLine> {
  return ImprovementLine.open(name, services);
}
