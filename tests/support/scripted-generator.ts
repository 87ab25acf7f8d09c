import type { GeneratorRef } from '../../src/events/run.ts';
import type { GenerationRequest, Generator } from '../../src/generators/generator.ts';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import type { Gate } from './gate.ts';
import { farCall, farValue, parseToy, toyText } from './toy-language.ts';

export interface ScriptedGeneratorOptions {
  /** Writes the program; seeded repair of toy programs where left out. */
  readonly propose?: (request: GenerationRequest) => string;
  /** What a call throws instead of answering: called with the effect's name and how often it was performed, from 1. */
  readonly fault?: (effect: string, call: number) => unknown;
  /** Every call waits here under its effect's name. */
  readonly gate?: Gate;
}

export const scriptedGeneratorRef: GeneratorRef = { name: 'scripted', version: 1, config: {} };

/** A generator whose candidates depend on the request alone. Effects are named by their seed: `seed/task/ordinal.occurrence`. */
export class ScriptedGenerator implements Generator {
  readonly ref = scriptedGeneratorRef;
  readonly requests: GenerationRequest[] = [];
  readonly #options: ScriptedGeneratorOptions;
  readonly #calls = new Map<string, number>();

  constructor(options: ScriptedGeneratorOptions = {}) {
    this.#options = options;
  }

  /** Effects performed, as often as they were. */
  get performed(): readonly string[] {
    return this.requests.map(({ seed }) => seed);
  }

  async generate(request: GenerationRequest, signal: AbortSignal) {
    const { propose = proposeToy, fault, gate } = this.#options;
    this.requests.push(request);
    const call = (this.#calls.get(request.seed) ?? 0) + 1;
    this.#calls.set(request.seed, call);
    await gate?.enter(request.seed, signal);
    const thrown = fault?.(request.seed, call) ?? null;
    if (thrown !== null) throw thrown;
    const program = propose(request);
    const usage = { inputTokens: 10, outputTokens: program.length };
    return { program, note: `sample ${request.sample}`, usage };
  }

  async close(): Promise<void> {}
}

/** Mends one line from the feedback where there is any, else guesses; now and then a broken or a repeated program. */
export function proposeToy(request: GenerationRequest): string {
  const random = seededRandom(request.seed);
  const last = request.dialogue.at(-1);
  if (last !== undefined && random.float() < 0.15) return last.program;
  if (random.float() < 0.1) return `! timeout\n# ${request.seed}\n`;
  const execution = last?.feedback?.execution ?? null;
  if (last === undefined || execution === null) return guess(request, random);
  const program = { ...parseToy(last.program) };
  const failing = execution.tests.find(({ status }) => status === 'failed');
  if (failing === undefined) return guess(request, random);
  return toyText({ ...program, [failing.input]: failing.expected ?? '' });
}

function guess({ task }: GenerationRequest, random: Random): string {
  const cases = task.publicTests.kind === 'cases' ? task.publicTests.cases : [];
  const lines = cases.map(({ call, expected }) => [
    call,
    random.float() < 0.5 ? expected : `${random.int(100, 120)}`,
  ]);
  const far = random.float() < 0.5 ? [[farCall, farValue]] : [];
  return toyText(Object.fromEntries([...lines, ...far]));
}
