import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TreeFrontier } from '../../../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import { eventUuid } from '../../../../src/ledger/stores/eventstore/event-uuid.ts';
import type {
  LogClient,
  LogEvent,
  LogPosition,
} from '../../../../src/ledger/stores/eventstore/log-client.ts';
import { comparePositions } from '../../../../src/ledger/stores/eventstore/order/compare-positions.ts';
import { OrderIndex } from '../../../../src/ledger/stores/eventstore/order/order-index.ts';
import { OrderIntake } from '../../../../src/ledger/stores/eventstore/order/order-intake.ts';

type Placed = LogEvent & { readonly position: LogPosition };

/** Where events come from: two streams of ours, metadata of ours that say nothing about dropping, somebody else. */
const streams = ['p.a', 'p.b', '$$p.a', 'q.a', 'p:ledger'] as const;

function logOf(choices: readonly number[]): Placed[] {
  const revisions = new Map<string, number>();
  return choices.map((choice, index) => {
    const stream = streams[choice] as string;
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const data = Buffer.from(stream.startsWith('$$') ? '{"$acl":{}}' : `${stream} ${revision}`);
    const at = BigInt(index * 10 + 5);
    const position = { commit: at, prepare: at };
    return { stream, revision, id: eventUuid(leafHash(data)), type: 'T', data, metadata: data, position };
  });
}

function newIntake(): OrderIntake {
  const index = new OrderIndex(null, () => undefined);
  return new OrderIntake({ client: {} as LogClient, prefix: 'p', address: 'log', callTimeoutMs: 1, index });
}

const isFollowed = ({ stream }: LogEvent): boolean => stream.startsWith('p.') || stream.startsWith('$$p.');
const isRecord = ({ stream }: LogEvent): boolean => stream.startsWith('p.');

/** Index in the log of the first event behind a place. */
function behind(log: readonly Placed[], place: LogPosition | null): number {
  const index = log.findIndex(({ position }) => comparePositions(position, place) > 0);
  return index < 0 ? log.length : index;
}

function described(index: OrderIndex): string[] {
  return index
    .entries(0, index.size)
    .map(({ position, stream, revision }) => `${position} ${stream}/${revision}`);
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('connect' as const) }),
  fc.record({ kind: fc.constant('bring' as const), which: fc.nat(3), count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('page' as const), count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('drop' as const), which: fc.nat(3) }),
);

test('events, checkpoints, broken connections and pages in any interleaving give one dense order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(4), { maxLength: 60 }),
      fc.array(step, { maxLength: 40 }),
      (choices, steps) => {
        const log = logOf(choices);
        const intake = newIntake();
        /** Followings, each with the index of what it brings next; old ones bring again what is known. */
        let followings: { next: number }[] = [];
        const page = (count: number): void => {
          const start = behind(log, intake.index.through);
          for (const event of log.slice(start, start + count)) intake.take(event);
        };
        for (const { kind, ...how } of steps) {
          const following =
            'which' in how ? followings[how.which % Math.max(1, followings.length)] : undefined;
          if (kind === 'connect') followings.push({ next: behind(log, intake.index.through) });
          if (kind === 'page' && 'count' in how) page(how.count);
          if (kind === 'drop') followings = followings.filter((other) => other !== following);
          if (kind !== 'bring' || following === undefined || !('count' in how)) continue;
          for (const event of log.slice(following.next, following.next + how.count)) {
            if (isFollowed(event)) intake.take(event);
            else intake.pass(event.position);
          }
          following.next = Math.min(log.length, following.next + how.count);
        }
        const seen = described(intake.index);
        page(log.length);
        const records = log.filter(isRecord);
        const tree = new TreeFrontier();
        for (const { data } of records) tree.append(leafHash(data));
        const expected = records.map(
          ({ stream, revision }, index) => `${index} ${stream.slice(2)}/${revision}`,
        );
        expect(described(intake.index)).toEqual(expected);
        expect(seen).toEqual(expected.slice(0, seen.length));
        expect(Buffer.from(intake.index.head().root)).toEqual(Buffer.from(tree.root()));
      },
    ),
    { numRuns: 500 },
  );
});

test('an event that is left out, or comes with other bytes or again further on, is a fault for good', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1), { minLength: 3, maxLength: 30 }),
      fc.nat(1000),
      fc.constantFrom('left out', 'other bytes', 'again'),
      (choices, place, how) => {
        const log = logOf(choices);
        const index = place % log.length;
        const event = log[index] as Placed;
        const goesOn = log.slice(index + 1).some(({ stream }) => stream === event.stream);
        // The end of a stream that is not there cannot be missed by its revisions.
        fc.pre(how !== 'left out' || goesOn);
        const other = { ...event, data: Buffer.from('other') };
        const last = { commit: 10_000n, prepare: 10_000n };
        const broken = {
          'left out': log.toSpliced(index, 1),
          'other bytes': log.with(index, other),
          again: [...log, { ...event, position: last }],
        }[how];
        const intake = newIntake();
        const take = (): void => {
          for (const each of broken) intake.take(each);
        };
        const code = how === 'left out' ? 'STREAM_TRUNCATED' : 'LEDGER_CORRUPT';
        const fault = expect.objectContaining({
          code,
          context: expect.objectContaining({ stream: event.stream }),
        });
        expect(take).toThrow(fault);
        expect(() => intake.take(log[0] as Placed)).toThrow(fault);
        expect(() => intake.mustBeWell()).toThrow(fault);
      },
    ),
    { numRuns: 300 },
  );
});
