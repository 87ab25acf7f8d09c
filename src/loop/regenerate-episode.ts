import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { GenerationRequest, Generator } from '../generators/generator.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { isPawlError, messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { HiddenTests } from '../tasks/hidden-tests.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import { Contents } from './contents.ts';
import { cutText } from './cut-text.ts';
import { executionRequest } from './execution-input.ts';
import { generationRequest } from './generation-request.ts';
import { orMissing } from './or-missing.ts';
import { programBytesMax } from './perform-generation.ts';
import { type RecordedExecution, recordedEffects } from './recorded-effects.ts';
import type { RerunExecutor } from './rerun-executor.ts';
import { type Likeness, textLikeness } from './text-likeness.ts';

/** A generator, asked once more for what it was asked for then. */
export interface Regenerated {
  readonly stream: StreamName;
  /** Of the event that recorded its answer. */
  readonly revision: number;
  readonly key: string;
  /** The candidate of then; null where there was none. */
  readonly candidate: Digest | null;
  /**
   * How near the new program is to the recorded one. `failure`: the same coded failure as then; `none`: a candidate on one side
   * only, or something of the request is not in the ledger any more.
   */
  readonly likeness: Likeness['kind'] | 'failure' | 'none';
  readonly similarity: number;
  /** What stands in the way of a comparison; empty otherwise. */
  readonly remark: string;
  /** Whether the new program passes what the recorded one passed, and fails what it failed; null where none was executed. */
  readonly sameVerdict: boolean | null;
}

export interface RegenerateContext {
  readonly generator: Generator;
  readonly executor: RerunExecutor;
  readonly abort: AbortSignal;
}

type Answer = Extract<
  AnyRecordedEvent,
  { type: 'CandidateGenerated' | 'CandidateRejected' | 'GenerationFailed' }
>;

/**
 * Asks the generator again for every answer that an episode recorded, and says how far it strays. That a model strays is no
 * failure of anybody; nothing of it is written down.
 *
 * @throws PawlError what the ledger throws that is not about a single blob; what `RerunExecutor.execute` throws on a stop
 */
export async function regenerateEpisode(
  ledger: Ledger,
  episode: StreamName,
  context: RegenerateContext,
): Promise<readonly Regenerated[]> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(episode)) events.push(event);
  const first = events[0];
  if (first?.type !== 'EpisodeStarted' || first.data.source !== null) return [];
  const { view, hidden } = await readTask(ledger, first.data.view.digest, first.data.hidden.digest);
  if (isPawlError(view)) return [];
  const contents = new Contents(ledger);
  const requests = new Map<string, GenerationRequest | PawlError>();
  const { executions } = await recordedEffects(events.slice(1), {
    ...{ started: first.data, view, hidden, contents },
    onGeneration: async (request, state) => {
      const asked = await orMissing(() => generationRequest(request, state, contents));
      requests.set(effectKeyText(request.key), asked);
    },
  });
  const found: Promise<Regenerated>[] = [];
  for (const answer of events) {
    if (!isAnswer(answer) || answer.data.key === null) continue;
    // A failure that was followed by another attempt is answered by that one.
    if (answer.type === 'GenerationFailed' && !answer.data.final) continue;
    const request = requests.get(effectKeyText(answer.data.key));
    if (request !== undefined) found.push(new Asking(answer, contents, executions, context).ask(request));
  }
  return Promise.all(found);
}

class Asking {
  readonly #answer: Answer;
  readonly #contents: Contents;
  readonly #executions: readonly RecordedExecution[];
  readonly #context: RegenerateContext;

  constructor(
    answer: Answer,
    contents: Contents,
    executions: readonly RecordedExecution[],
    context: RegenerateContext,
  ) {
    this.#answer = answer;
    this.#contents = contents;
    this.#executions = executions;
    this.#context = context;
  }

  async ask(request: GenerationRequest | PawlError): Promise<Regenerated> {
    if (isPawlError(request)) return this.#none(request.message);
    const program = await this.#programHere(request);
    if (this.#answer.type === 'GenerationFailed') {
      const { code } = this.#answer.data.error;
      if (typeof program === 'string') return this.#none(`a candidate came where ${code} was recorded`);
      if (program.code !== code) return this.#none(`${program.code} where ${code} was recorded`);
      return { ...this.#none(''), likeness: 'failure', similarity: 1 };
    }
    if (typeof program !== 'string') return this.#none(`${program.code}: ${program.message}`);
    const { digest } = this.#answer.data.program;
    const recorded = await orMissing(() => this.#contents.text(digest));
    if (isPawlError(recorded)) return this.#none(recorded.message);
    const { kind, similarity } = textLikeness(recorded, program);
    const sameVerdict = await this.#sameVerdict(program, kind === 'identical');
    return { ...this.#none(''), likeness: kind, similarity, sameVerdict };
  }

  /** Cut as a recorded one is, so that equal answers are equal here. */
  async #programHere(request: GenerationRequest): Promise<string | PawlError> {
    const { generator, abort } = this.#context;
    try {
      const { program } = await generator.generate(request, abort);
      return cutText(program, programBytesMax);
    } catch (error) {
      abort.throwIfAborted();
      // As a run records it, whatever a client throws.
      return isPawlError(error) ? error : new PawlError('INTERNAL', messageOf(error), { cause: error });
    }
  }

  async #sameVerdict(program: string, identical: boolean): Promise<boolean | null> {
    const { candidate } = this.#answer.data as { readonly candidate: Digest };
    let same: boolean | null = null;
    for (const { event, request } of this.#executions) {
      if (event.data.candidate !== candidate || isPawlError(request)) continue;
      if (identical) return true;
      const { tests, coverage } = request;
      const asked = executionRequest(request, program, tests, coverage);
      const { result } = await this.#context.executor.execute(asked, request.limits.wallMs);
      same = (same ?? true) && (result.outcome === 'passed') === (event.data.outcome === 'passed');
    }
    return same;
  }

  #none(remark: string): Regenerated {
    const { stream, revision, data } = this.#answer;
    const key = data.key === null ? '' : effectKeyText(data.key);
    const candidate = 'candidate' in data ? data.candidate : null;
    return { stream, revision, key, candidate, likeness: 'none', similarity: 0, remark, sameVerdict: null };
  }
}

async function readTask(ledger: Ledger, view: Digest, hidden: Digest) {
  return {
    view: await orMissing(async () => parseTaskView(await ledger.getBlob(view))),
    hidden: await orMissing<HiddenTests>(async () => parseHiddenTests(await ledger.getBlob(hidden))),
  };
}

function isAnswer(event: AnyRecordedEvent): event is Answer {
  switch (event.type) {
    case 'CandidateGenerated':
    case 'CandidateRejected':
    case 'GenerationFailed':
      return true;
    default:
      return false;
  }
}
