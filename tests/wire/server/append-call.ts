import { type ServiceError, status } from '@grpc/grpc-js';
import type { ServerContext } from './context.ts';
import type { AppendOutcome } from './database.ts';
import type { Expected } from './decide-append.ts';
import type { Fault } from './faults.ts';
import { eventBytes } from './proposed-event.ts';
import { notLeader, rpcError } from './rpc-error.ts';
import type { ProposedEvent } from './stored-event.ts';

/** What is answered to an append within the call. */
export type AppendAnswer =
  | AppendOutcome
  | { readonly kind: 'denied' | 'timeout' | 'unknown' }
  | { readonly kind: 'too large'; readonly bytesMax: number }
  | {
      readonly kind: 'event too large';
      readonly id: string;
      readonly bytes: number;
      readonly bytesMax: number;
    }
  | { readonly kind: 'bad request'; readonly message: string };

/** The two ways an append can come, as far as faults are concerned. */
export interface AppendChannel {
  readonly operation: 'batch append' | 'classic append';
  readonly peer: string;
  answer(answer: AppendAnswer): void;
  /** Under an id that nobody asked with. */
  answerStranger(answer: AppendAnswer): void;
  /** The whole call fails. */
  fail(error: ServiceError): void;
  /** The server's side of the call ends, politely. */
  end(): void;
  /** Takes no more requests for that long. */
  pause(ms: number): void;
  /** Takes whatever comes over the call from now on, and does nothing about it. */
  deafen(): void;
  /** Bytes that are no message. */
  garble(): void;
}

export interface AppendOrder {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
}

const BATCH_ONLY: ReadonlySet<Fault> = new Set([
  'half-close',
  'half-close after commit',
  'unknown correlation id',
  'duplicate reply',
  'mute stream',
  'slow',
]);
const NO_LEADER = 'No leader info available in response';

/** Why the server refuses an append for its size alone; null when it does not. */
export function refusedForSize(order: AppendOrder, context: ServerContext): AppendAnswer | null {
  const { appendBytesMax, eventBytesMax } = context.limits;
  let total = 0;
  for (const event of order.events) {
    const bytes = eventBytes(event);
    if (bytes > eventBytesMax) {
      return { kind: 'event too large', id: event.id, bytes, bytesMax: eventBytesMax };
    }
    total += bytes;
  }
  return total > appendBytesMax ? { kind: 'too large', bytesMax: appendBytesMax } : null;
}

/** Carries out one append, with the fault that is due for it. */
export function carryOutAppend(context: ServerContext, order: AppendOrder, channel: AppendChannel): void {
  const commit = (): AppendAnswer => context.database.append(order.stream, order.expected, order.events);
  const rule = context.faults.strike(channel.operation, order.stream, (fault) =>
    channel.operation === 'batch append' ? fault !== 'drop after half' : !BATCH_ONLY.has(fault),
  );
  if (rule === null) {
    if (context.role === 'leader') channel.answer(commit());
    else channel.fail(redirection(context.leader));
    return;
  }
  switch (rule.fault) {
    case 'mute':
      return;
    case 'mute stream':
      channel.deafen();
      return;
    case 'mute after commit':
      commit();
      return;
    case 'drop before commit':
      context.cut(channel.peer);
      return;
    case 'drop after commit':
      commit();
      context.cut(channel.peer);
      return;
    case 'drop after half': {
      const half = order.events.slice(0, Math.ceil(order.events.length / 2));
      context.database.append(order.stream, order.expected, half);
      context.cut(channel.peer);
      return;
    }
    case 'half-close':
      channel.end();
      return;
    case 'half-close after commit':
      commit();
      channel.end();
      return;
    case 'unknown correlation id':
      channel.answerStranger(commit());
      return;
    case 'late reply': {
      const answer = commit();
      setTimeout(() => channel.answer(answer), rule.delayMs ?? 0);
      return;
    }
    case 'slow':
      channel.pause(rule.delayMs ?? 0);
      channel.answer(commit());
      return;
    case 'late commit':
      setTimeout(() => channel.answer(commit()), rule.delayMs ?? 0);
      return;
    case 'false acknowledgement': {
      const last = (typeof order.expected === 'number' ? order.expected : -1) + order.events.length;
      channel.answer({ kind: 'stored', last, position: context.database.end });
      return;
    }
    case 'other bytes': {
      const others = order.events.map((event) => ({ ...event, data: Buffer.from('other bytes') }));
      channel.answer(context.database.append(order.stream, order.expected, others));
      return;
    }
    case 'duplicate reply': {
      const answer = commit();
      channel.answer(answer);
      channel.answer(answer);
      return;
    }
    case 'not leader':
      channel.fail(redirection(rule.leader ?? context.leader));
      return;
    case 'no leader':
      channel.fail(redirection(null));
      return;
    case 'not ready':
      channel.fail(rpcError(status.UNAVAILABLE, 'Server Is Not Ready'));
      return;
    case 'commit timeout':
      channel.answer({ kind: 'timeout' });
      return;
    case 'commit timeout after commit':
      commit();
      channel.answer({ kind: 'timeout' });
      return;
    case 'unknown error':
      channel.answer({ kind: 'unknown' });
      return;
    case 'access denied':
      channel.answer({ kind: 'denied' });
      return;
    case 'bad frame':
      channel.garble();
      return;
    case 'subscription dropped':
      throw new Error(`"${rule.fault}" is no fault of an append.`);
  }
}

/** How a node that cannot write answers: with the leader, where it knows one. */
export function redirection(leader: ServerContext['leader']): ServiceError {
  return leader === null ? rpcError(status.UNKNOWN, NO_LEADER) : notLeader(leader.host, leader.port);
}
