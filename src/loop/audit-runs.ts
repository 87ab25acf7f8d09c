import {
  type AuditedRun,
  auditedRun,
  type Finding,
  type Found,
  type Sketches,
} from '../../projections/findings/finding.ts';
import { findings } from '../../projections/findings/findings.ts';
import { type ProgramSketch, sketchOf } from '../../projections/findings/program-sketch.ts';
import { type TrailState, trailProjection } from '../../projections/findings/trail.ts';
import {
  type CurvePoint,
  type SolvedByIterationState,
  solvedByIterationProjection,
  solvedCurve,
} from '../../projections/solved-by-iteration.ts';
import type { Imported } from '../events/run.ts';
import type { Language } from '../events/task-view.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseTaskView } from '../tasks/serialize.ts';

/** What one finding came to in one run, or among all that were compared (then it stands with the first of them). */
export interface FindingReport {
  readonly finding: Finding;
  readonly run: StreamName;
  readonly found: Found;
}

export interface RunCurve {
  readonly run: StreamName;
  /** The file of another tool's run. */
  readonly imported: Imported | null;
  /** Finished episodes: the denominator. */
  readonly episodes: number;
  readonly points: readonly CurvePoint[];
}

/** All that an audit looked at and what came of it. */
export interface Audit {
  /** Every finding, also those that found nothing, with what was looked at. */
  readonly reports: readonly FindingReport[];
  readonly curves: readonly RunCurve[];
  /** Distinct programs, and those of them that are erased or missing and were therefore not compared. */
  readonly programs: number;
  readonly unreadable: number;
}

/**
 * Looks for everything in the catalogue of findings, in each run and among the runs together. Reads events and programs, and
 * writes nothing.
 *
 * @throws PawlError `RUN_NOT_FOUND`, and whatever the ledger throws
 */
export async function auditRuns(ledger: Ledger, runs: readonly StreamName[]): Promise<Audit> {
  let trail = trailProjection.initialState();
  let solved = solvedByIterationProjection.initialState();
  const read = async (stream: StreamName): Promise<void> => {
    for await (const event of ledger.readStream(stream)) {
      trail = trailProjection.evolve(trail, event);
      solved = solvedByIterationProjection.evolve(solved, event);
    }
  };
  for (const run of runs) {
    await read(run);
    for (const { episode } of trail.runs[run]?.scheduled ?? []) await read(episode);
  }
  const arms = runs.map((run) => {
    const arm = auditedRun(trail, run);
    if (arm !== null) return arm;
    throw new PawlError('RUN_NOT_FOUND', `The ledger has no run "${run}". \`pawl runs\` lists them.`, {
      context: { run },
    });
  });
  const { sketches, programs } = await readSketches(ledger, trail);
  const reports = findings.flatMap((finding): readonly FindingReport[] => {
    const [first] = runs;
    if (finding.scope === 'arms') {
      return first === undefined ? [] : [{ finding, run: first, found: finding.find(arms, sketches) }];
    }
    return arms.map((arm) => ({ finding, run: arm.run, found: finding.find([arm], sketches) }));
  });
  const curves = arms.map((arm) => curveOf(solved, arm));
  return { reports, curves, programs, unreadable: programs - sketches.size };
}

function curveOf({ runs }: SolvedByIterationState, { run, trail }: AuditedRun): RunCurve {
  const counts = runs[run] ?? { episodes: 0, last: 0, public: [], hidden: [] };
  const { imported } = trail;
  return { run, imported, episodes: counts.episodes, points: solvedCurve(counts) };
}

async function readSketches(
  ledger: Ledger,
  { episodes }: TrailState,
): Promise<{ readonly sketches: Sketches; readonly programs: number }> {
  const languages = new Map<Digest, Language | null>();
  const sketches = new Map<Digest, ProgramSketch>();
  const programs = new Set<Digest>();
  for (const { view, proposals } of Object.values(episodes)) {
    if (!languages.has(view)) languages.set(view, await languageOf(ledger, view));
    const language = languages.get(view) ?? null;
    for (const { program } of proposals) {
      if (programs.has(program)) continue;
      programs.add(program);
      const source = await textThere(ledger, program);
      if (source !== null && language !== null) sketches.set(program, sketchOf(source, language));
    }
  }
  return { sketches, programs: programs.size };
}

async function languageOf(ledger: Ledger, view: Digest): Promise<Language | null> {
  const text = await textThere(ledger, view);
  return text === null ? null : parseTaskView(Buffer.from(text)).language;
}

/** Null for what was erased or never came: then there is less to compare, and the audit says so. */
async function textThere(ledger: Ledger, digest: Digest): Promise<string | null> {
  try {
    return await ledger.getText(digest);
  } catch (error) {
    if (isPawlError(error, 'BLOB_ERASED') || isPawlError(error, 'BLOB_NOT_FOUND')) return null;
    throw error;
  }
}
