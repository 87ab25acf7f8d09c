import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Where the events of a branch come from. Answers are counted, also failed ones; executions include the grading. */
export interface ForkAccount {
  /** Events repeated from the parent up to the branching revision. */
  readonly copied: number;
  /** Answers that the parent recorded after it; `sameInput` are executions that it recorded under another key. */
  readonly reused: {
    readonly generations: number;
    readonly executions: number;
    readonly sameInput: number;
  };
  /** Answers that the generator and the sandbox gave. */
  readonly performed: { readonly generations: number; readonly executions: number };
}

export const emptyAccount: ForkAccount = {
  copied: 0,
  reused: { generations: 0, executions: 0, sameInput: 0 },
  performed: { generations: 0, executions: 0 },
};

/** Read from the two streams alone: what was taken over names as its cause the event it was taken from. */
export async function forkAccount(ledger: Ledger, episode: StreamName): Promise<ForkAccount> {
  let account = emptyAccount;
  let kept = -1;
  let parent: ReadonlyMap<EventId, AnyRecordedEvent> = new Map();
  for await (const event of ledger.readStream(episode)) {
    if (event.type === 'EpisodeStarted') {
      const { forkedFrom } = event.data;
      if (forkedFrom === null) continue;
      kept = forkedFrom.revision;
      parent = await byId(ledger, forkedFrom.episode);
    } else if (event.revision <= kept) account = { ...account, copied: account.copied + 1 };
    else account = withAnswer(account, event, parent);
  }
  return account;
}

export function sumOfAccounts(accounts: readonly ForkAccount[]): ForkAccount {
  return accounts.reduce(
    (sum, { copied, reused, performed }) => ({
      copied: sum.copied + copied,
      reused: {
        generations: sum.reused.generations + reused.generations,
        executions: sum.reused.executions + reused.executions,
        sameInput: sum.reused.sameInput + reused.sameInput,
      },
      performed: {
        generations: sum.performed.generations + performed.generations,
        executions: sum.performed.executions + performed.executions,
      },
    }),
    emptyAccount,
  );
}

function withAnswer(
  account: ForkAccount,
  event: AnyRecordedEvent,
  parent: ReadonlyMap<EventId, AnyRecordedEvent>,
): ForkAccount {
  const kind = answered(event);
  if (kind === null) return account;
  const from = event.causation === null ? undefined : parent.get(event.causation);
  if (from === undefined) {
    const { performed } = account;
    return { ...account, performed: { ...performed, [kind]: performed[kind] + 1 } };
  }
  const reused = { ...account.reused, [kind]: account.reused[kind] + 1 };
  if (keyOf(from) !== keyOf(event)) reused.sameInput += 1;
  return { ...account, reused };
}

function answered(event: AnyRecordedEvent): 'generations' | 'executions' | null {
  switch (event.type) {
    case 'CandidateGenerated':
      return event.data.key === null ? null : 'generations';
    case 'CandidateRejected':
    case 'GenerationFailed':
      return 'generations';
    case 'ExecutionFinished':
    case 'ExecutionFailed':
      return 'executions';
    default:
      return null;
  }
}

function keyOf({ data }: AnyRecordedEvent): string | null {
  return 'key' in data && data.key !== null ? effectKeyText(data.key) : null;
}

async function byId(ledger: Ledger, stream: StreamName): Promise<ReadonlyMap<EventId, AnyRecordedEvent>> {
  const events = new Map<EventId, AnyRecordedEvent>();
  for await (const event of ledger.readStream(stream)) events.set(event.id, event);
  return events;
}
