import type { EpisodeEvent } from '../events/episode.ts';
import type { Imported } from '../events/run.ts';
import type { TaskView } from '../events/task-view.ts';
import { importerNamed } from './importers/registry.ts';

/**
 * What an imported episode must hold after its `EpisodeStarted`, from its stored source row and its task alone. This is what
 * replay compares an import with: other tools' decisions cannot be decided again, but what was made of their words can.
 *
 * @throws PawlError `IMPORT_FORMAT` when this build does not know the importer in that version; `IMPORT_INVALID` when the row is
 * not one of that format, or not about that task
 */
export function rederiveImported(
  { format, formatVersion }: Pick<Imported, 'format' | 'formatVersion'>,
  row: string,
  task: TaskView,
): readonly EpisodeEvent[] {
  return importerNamed(format, formatVersion).episodeOf(row, task).events;
}
