import type { Verdict } from '../events/audit.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { Fingerprint } from '../events/run.ts';
import type { Language, TaskView } from '../events/task-view.ts';
import type { TestSpec } from '../events/test-spec.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type HiddenTests, openForGrading } from '../tasks/hidden-tests.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import { Contents } from './contents.ts';
import type { EpisodeData } from './episode-state.ts';
import { orMissing } from './or-missing.ts';
import { recordedEffects } from './recorded-effects.ts';
import { type ExecutionCheck, worstVerdict } from './rerun-check.ts';
import type { Comparison } from './rerun-comparable.ts';
import { rerunExecution } from './rerun-execution.ts';
import type { RerunExecutor } from './rerun-executor.ts';
import { rerunVerdict, type VerdictEvent } from './rerun-verdict.ts';

/** Executions recorded at or after `sinceMs` and before `untilMs` (milliseconds since the epoch); null is no bound. */
export interface TimeWindow {
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

/** What executing an episode again needs besides the ledger. */
export interface RerunContext {
  /** The interpreters that the episode's run recorded; empty for runs of other tools. */
  readonly recorded: readonly Fingerprint[];
  readonly executor: RerunExecutor;
  readonly window: TimeWindow;
  /** Of executions of our own: `verdicts` lets another interpreter execute them. Other tools recorded verdicts alone. */
  readonly comparison: Comparison;
}

/** One episode, executed again. */
export interface EpisodeRerun {
  readonly episode: StreamName;
  readonly task: string;
  /** Whether another tool's verdicts were compared, with the interpreter that is here. */
  readonly imported: boolean;
  readonly verdict: Verdict;
  readonly checks: readonly ExecutionCheck[];
  /** Why nothing, or not everything, could be executed again; empty otherwise. */
  readonly remark: string;
}

/**
 * Executes again what an episode recorded of executions, public and hidden ones alike, and compares. What failed for want of a
 * sandbox is not executed again: nothing was recorded of it.
 *
 * @throws PawlError `RUN_NOT_FOUND`; what the ledger throws that is not about a single blob; what `RerunExecutor.execute`
 * throws on a stop
 */
export async function rerunEpisode(
  ledger: Ledger,
  episode: StreamName,
  context: RerunContext,
): Promise<EpisodeRerun> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(episode)) events.push(event);
  const first = events[0];
  if (first === undefined) {
    const message = `The ledger has no episode "${episode}".`;
    throw new PawlError('RUN_NOT_FOUND', message, { context: { episode } });
  }
  if (first.type !== 'EpisodeStarted') {
    const remark = `revision 0: an episode begins with EpisodeStarted, not with ${first.type}`;
    return { episode, task: '', imported: false, verdict: 'diverged', checks: [], remark };
  }
  const { task, source } = first.data;
  const whole = { episode, task, imported: source !== null };
  const view = await orMissing(async () => parseTaskView(await ledger.getBlob(first.data.view.digest)));
  if (isPawlError(view)) return { ...whole, verdict: 'inconclusive', checks: [], remark: view.message };
  const hidden = await orMissing(async () =>
    parseHiddenTests(await ledger.getBlob(first.data.hidden.digest)),
  );
  const parts = { started: first.data, view, hidden, contents: new Contents(ledger) };
  return source === null
    ? { ...whole, ...(await rerunOwn(ledger, events.slice(1), parts, context)) }
    : { ...whole, ...(await rerunImported(events.slice(1), parts, context)) };
}

interface Parts {
  readonly started: EpisodeData<'EpisodeStarted'>;
  readonly view: TaskView;
  readonly hidden: HiddenTests | PawlError;
  readonly contents: Contents;
}
type PickedEvent = Extract<AnyRecordedEvent, { type: 'FinalPicked' }>;
type Outcome = Pick<EpisodeRerun, 'verdict' | 'checks' | 'remark'>;

async function rerunOwn(
  ledger: Ledger,
  events: readonly AnyRecordedEvent[],
  parts: Parts,
  { recorded, executor, window, comparison }: RerunContext,
): Promise<Outcome> {
  const { language } = parts.view;
  const { executions, broken } = await recordedEffects(events, parts);
  const interpreters = {
    recorded: recorded.find((print) => print.language === language) ?? null,
    here: await interpreterHere(executor, language),
  };
  const checks = await Promise.all(
    executions
      .filter(({ event }) => isWithin(window, event))
      .map((execution) => rerunExecution(ledger, execution, interpreters, { executor, comparison })),
  );
  const verdict = worstVerdict(checks.map((check) => check.verdict));
  if (broken === null) return { verdict, checks, remark: '' };
  return { verdict: 'diverged', checks, remark: `revision ${broken.event.revision}: ${broken.reason}` };
}

async function rerunImported(
  events: readonly AnyRecordedEvent[],
  { view, hidden, contents }: Parts,
  { executor, window }: RerunContext,
): Promise<Outcome> {
  const programs = new Map<Digest, Digest>();
  const verdicts: VerdictEvent[] = [];
  let picked: PickedEvent | undefined;
  for (const event of events) {
    if (event.type === 'CandidateGenerated' || event.type === 'CandidateRejected') {
      programs.set(event.data.candidate, event.data.program.digest);
    } else if (event.type === 'VerdictRecorded' && isWithin(window, event)) verdicts.push(event);
    else if (event.type === 'FinalPicked') picked = event;
  }
  const hiddenTests: TestSpec | PawlError = isPawlError(hidden) ? hidden : openForGrading(hidden);
  const checks = await Promise.all(
    verdicts.map(async (event) => {
      const { candidate, tests } = event.data;
      const program = programs.get(candidate);
      const subject = {
        view,
        program: await orMissing(() => contents.text(program ?? candidate)),
        tests: tests === 'hidden' ? hiddenTests : view.publicTests,
      };
      return rerunVerdict(event, subject, executor);
    }),
  );
  const remark = picked === undefined ? '' : misreported(picked, checks);
  const verdict = remark === '' ? worstVerdict(checks.map((check) => check.verdict)) : 'diverged';
  return { verdict, checks, remark };
}

/** What the source says of its answer must be what came of it: a flag beside the verdicts is easily set. */
function misreported(picked: PickedEvent, checks: readonly ExecutionCheck[]): string {
  const { candidate, publicPass } = picked.data;
  const check = checks.findLast((known) => known.tests === 'public' && known.candidate === candidate);
  // Where the verdict itself does not come out, that is what is to be told.
  if (check === undefined || check.here === null || check.verdict !== 'pass') return '';
  const passesHere = check.here.outcome === 'passed';
  if (passesHere === publicPass) return '';
  const [said, comes] = publicPass ? ['pass', 'fails'] : ['fail', 'passes'];
  return `revision ${picked.revision}: the answer is said to ${said} the public tests, and ${comes} them here`;
}

/** Nothing here can execute it; what is not about that ends the whole. */
const notHere: ReadonlySet<string> = new Set(['SANDBOX_LANGUAGE', 'SANDBOX_FAILED', 'IMAGE_MISSING']);

async function interpreterHere(
  executor: RerunExecutor,
  language: Language,
): Promise<Fingerprint | PawlError> {
  try {
    return await executor.fingerprint(language);
  } catch (error) {
    if (isPawlError(error) && notHere.has(error.code)) return error;
    throw error;
  }
}

function isWithin({ sinceMs, untilMs }: TimeWindow, { at }: AnyRecordedEvent): boolean {
  return (sinceMs === null || at >= sinceMs) && (untilMs === null || at < untilMs);
}
