import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** A run over a suite, and the tasks that it scheduled. */
export interface RunOfSuite {
  readonly run: StreamName;
  /** Where in the ledger it starts. */
  readonly position: number;
  readonly tasks: readonly string[];
}

/** Every run of a ledger over a suite, in the order in which they began; reads no episode. */
export async function* runsOfSuite(ledger: Ledger, suite: Digest): AsyncGenerator<RunOfSuite> {
  for await (const run of ledger.streams('run-')) {
    let position: number | null = null;
    const tasks: string[] = [];
    for await (const event of ledger.readStream(run)) {
      if (event.type === 'RunStarted') {
        if (event.data.suite !== suite) break;
        position = event.position;
      } else if (event.type === 'EpisodeScheduled') tasks.push(event.data.task);
      // What is done is planned first.
      else if (event.type !== 'BudgetGranted') break;
    }
    if (position !== null) yield { run, position, tasks };
  }
}
