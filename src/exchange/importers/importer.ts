import type { EpisodeEvent } from '../../events/episode.ts';
import type { GeneratorRef } from '../../events/run.ts';
import type { TaskView } from '../../events/task-view.ts';
import type { Digest } from '../../kernel/brand.ts';

/** One episode as the other tool wrote it down. */
export interface ImportedRow {
  /** 1-based place in the file, for messages. */
  readonly line: number;
  /** Exactly what the file says of this episode; it becomes the episode's `source` blob. */
  readonly text: string;
  /** Id of the task it is about. */
  readonly task: string;
}

/** A whole file of another tool's, read and checked row by row. */
export interface ImportedFile {
  /** Without its directory. */
  readonly name: string;
  /** SHA-256 of the file as it is on disk. */
  readonly digest: Digest;
  /** Who wrote the programs, as a run names it. */
  readonly generator: GeneratorRef;
  /** At least one, each valid by itself, no two about the same task. */
  readonly rows: readonly ImportedRow[];
}

/** What one row says, in the words of the ledger. */
export interface ImportedEpisode {
  /** Everything after `EpisodeStarted`, up to and with `EpisodeFinished`. */
  readonly events: readonly EpisodeEvent[];
  /** Texts of the blobs that the events refer to, each at least once. */
  readonly texts: readonly string[];
}

/**
 * Makes episodes out of another tool's files. An importer of the same version gives the same events for the same row and task
 * for ever: replay takes the stored row and derives every event again. What it reads otherwise is a new version.
 */
export interface Importer {
  /** As it is written on the command line, and in the run's start. */
  readonly name: string;
  readonly version: number;
  /** One line for help texts. */
  readonly summary: string;
  /** Format of the suite file (`FORMAT:FILE`) that such runs are usually about. */
  readonly suiteFormat: string;
  /**
   * Reads a whole file and checks every row, before anything is written.
   *
   * @throws PawlError `IMPORT_INVALID` naming file, line and member
   */
  read(path: string): Promise<ImportedFile>;
  /**
   * Pure: nothing but the row's text and the task decides.
   *
   * @throws PawlError `IMPORT_INVALID` naming the member, when the row contradicts itself or is not about this task
   */
  episodeOf(row: string, task: TaskView): ImportedEpisode;
}
