import { type Command, Option } from 'commander';
import type { WorkTerms } from '../ledger/work-queue.ts';
import { positiveInteger } from './common-options.ts';

const leaseSeconds = 30;
const attemptsMax = 5;

/** How long a silent worker keeps an episode, and how often one is handed out. */
export interface QueueOptions {
  readonly lease: number;
  readonly attempts: number;
}

export function withQueueOptions(command: Command): Command {
  const lease = 'when queued: seconds of silence after which others take over what a worker has';
  return command
    .addOption(new Option('--lease <seconds>', lease).argParser(positiveInteger).default(leaseSeconds))
    .addOption(
      new Option('--attempts <count>', 'when queued: so often an episode is handed out before it is parked')
        .argParser(positiveInteger)
        .default(attemptsMax),
    );
}

export function termsOf({ lease, attempts }: QueueOptions): WorkTerms {
  return { leaseMs: lease * 1000, attemptsMax: attempts };
}
