import type { PawlEvent } from '../events/catalogue.ts';
import { currentFlags } from '../events/replay-flags.ts';
import type { StreamName } from '../kernel/brand.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { episodeStream } from '../loop/stream-names.ts';
import { testsScorer } from '../scorers/tests-scorer.ts';
import type { Suite } from '../tasks/suite.ts';
import { importedRunId } from './imported-run-id.ts';
import type { ImportedEpisode, ImportedRow, Importer } from './importers/importer.ts';
import { refusal } from './importers/read-import-lines.ts';

/** Everything that an import will write, checked. */
export interface ImportPlan {
  readonly suite: Suite;
  readonly run: StreamName;
  readonly runEvents: readonly PawlEvent[];
  /** Programs in the rows, repeated ones too. */
  readonly programs: number;
  /** Derived anew each time: the events of a large file need not be in memory at once. */
  episodeAt(index: number): ImportedEpisode & { readonly text: string };
}

/**
 * Reads a file, holds every row against its task and derives its episode once, so that nothing can be wrong with a row when
 * writing begins.
 *
 * @param limit only the first so many rows; null for all
 * @throws PawlError `IMPORT_INVALID` naming file, line and member
 */
export async function planImport(
  path: string,
  importer: Importer,
  suite: Suite,
  limit: number | null,
): Promise<ImportPlan> {
  const file = await importer.read(path);
  const views = new Map(suite.tasks.map(({ view }) => [view.id, view]));
  const rows = limit === null ? file.rows : file.rows.slice(0, limit);
  const derive = ({ line, text, task }: ImportedRow): ImportedEpisode => {
    const view = views.get(task);
    if (view === undefined) {
      throw refusal(path, line, `it is about the task "${task}", which ${suite.name} does not have.`);
    }
    try {
      return importer.episodeOf(text, view);
    } catch (error) {
      if (isPawlError(error, 'IMPORT_INVALID')) throw refusal(path, line, error.message, error);
      throw error;
    }
  };
  const programs = rows.reduce((sum, row) => sum + programsIn(derive(row)), 0);
  const { name, version } = importer;
  const imported = { format: name, formatVersion: version, name: file.name.slice(0, 300), file: file.digest };
  const tasks = rows.map(({ task }) => task);
  const run = importedRunId(imported, suite.digest, tasks);
  return {
    suite,
    run,
    programs,
    runEvents: [
      {
        type: 'RunStarted',
        data: {
          suite: suite.digest,
          suiteName: suite.name,
          split: null,
          // Whatever rule the other tool followed, it cannot be asked again here.
          strategy: { name, version, params: {} },
          generator: file.generator,
          generatorSpec: `${file.generator.name}:${file.name}`,
          scorer: { name: testsScorer.name, version: testsScorer.version },
          prompt: null,
          // Nobody recorded what the programs were executed by.
          sandbox: [],
          seed: 'imported',
          tasks: tasks.length,
          group: run.slice('run-'.length),
          flags: [...currentFlags],
          forkedFrom: null,
          imported,
        },
      },
      { type: 'BudgetGranted', data: { episode: unlimited, runWallMs: null } },
      ...tasks.map(
        (task, index): PawlEvent => ({
          type: 'EpisodeScheduled',
          data: { index, task, episode: episodeStream(run, index) },
        }),
      ),
    ],
    episodeAt: (index) => {
      const row = rows[index] as ImportedRow;
      return { ...derive(row), text: row.text };
    },
  };
}

/** What the other tool was granted is not known either; what it spent is. */
const unlimited = { candidates: null, executions: null, tokens: null, stepsPerExecution: null };

function programsIn({ events }: ImportedEpisode): number {
  return events.filter(({ type }) => type === 'CandidateGenerated' || type === 'CandidateRejected').length;
}
