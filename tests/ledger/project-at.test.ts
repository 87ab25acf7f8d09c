import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { positionBefore } from '../../src/ledger/position-before.ts';
import { checkSnapshots } from '../../src/ledger/snapshots/check-snapshots.ts';
import { projectAt } from '../../src/ledger/snapshots/project-at.ts';
import { readProjection } from '../../src/ledger/snapshots/read-projection.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { randomHistory } from '../projections/random-history.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const writer = { actor: 'test', correlation: 'test' };

/** Writes a history into a ledger as it came about, event by event. */
class Writing {
  readonly ledger: Ledger;
  readonly #revisions = new Map<StreamName, number>();

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  async append(events: readonly AnyRecordedEvent[]): Promise<void> {
    for (const { stream, type, data } of events) {
      const draft = this.ledger.draft({ type, data } as PawlEvent, writer, null);
      const last = this.#revisions.get(stream) ?? -1;
      this.#revisions.set(stream, (await this.ledger.append(stream, last, [draft])).lastRevision);
    }
  }
}

async function openWriting(path: string): Promise<Writing> {
  const clock = steppingClock(1_760_000_000_000, 10);
  const ledger = new Ledger(
    await openSqliteStore({ path, mode: 'write' }),
    clock,
    seededIdSource(clock, seededRandom(path)),
  );
  onTestFinished(() => ledger.close());
  return new Writing(ledger);
}

async function checkEveryPosition(ledger: Ledger, events: readonly AnyRecordedEvent[]): Promise<void> {
  for (const projection of projections) {
    let state = projection.initialState();
    for (const [position, event] of events.entries()) {
      state = fold(projection, [event], state);
      const then = await projectAt(ledger, projection, position);
      expect(stateHash(projection, then), `${projection.name} at ${position}`).toBe(
        stateHash(projection, state),
      );
    }
  }
}

const long = process.env['PAWL_LONG'] === '1';

describe('the state at a position', () => {
  test('is the fold of that prefix at every position: without snapshots, with them, after appends, after deleting them', async () => {
    let count = 0;
    const directory = temporaryDirectory();
    const property = fc.asyncProperty(
      fc.string({ minLength: 1, maxLength: 6 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
      async (seed, places) => {
        count += 1;
        const path = join(directory, `${count}.db`);
        const history = { seed, ids: '', delays: '', concurrency: 2, interruptions: [] };
        const events = (await randomHistory(history)).events.slice(0, long ? 400 : 60);
        const writing = await openWriting(path);
        const { ledger } = writing;
        let written = 0;
        for (const place of places.sort()) {
          const to = Math.floor(place * events.length);
          await writing.append(events.slice(written, to));
          written = Math.max(written, to);
          for (const projection of projections) await readProjection(ledger, projection, 1);
        }
        await writing.append(events.slice(written));
        await checkEveryPosition(ledger, events);
        expect(await checkSnapshots(ledger, projections)).toEqual([]);
        rmSync(`${path}-snapshots`, { force: true });
        await checkEveryPosition(ledger, events.slice(0, 20));
        await ledger.close();
      },
    );
    await fc.assert(property, { numRuns: long ? 40 : 3 });
  }, 600_000);

  test('is refused for a position the ledger does not have', async () => {
    const { ledger } = await openWriting(join(temporaryDirectory(), 'ledger.db'));
    const [run] = projections as readonly [Projection<unknown>];
    await expect(projectAt(ledger, run, 0)).rejects.toMatchObject({
      code: 'LEDGER_POSITION',
      message: 'The ledger has no position 0: it is empty.',
    });
    const history = { seed: 'a', ids: '', delays: '', concurrency: 1, interruptions: [] };
    const { events } = await randomHistory(history);
    await new Writing(ledger).append(events.slice(0, 5));
    for (const position of [5, -1, 1.5, Number.NaN]) {
      await expect(projectAt(ledger, run, position)).rejects.toMatchObject({
        code: 'LEDGER_POSITION',
        message: `The ledger has no position ${position}: its records have the positions 0 to 4.`,
      });
    }
  });

  test('a time means the last record before it', async () => {
    const writing = await openWriting(join(temporaryDirectory(), 'ledger.db'));
    const { ledger } = writing;
    expect(await positionBefore(ledger, Number.MAX_SAFE_INTEGER)).toBe(null);
    const history = { seed: 'time', ids: '', delays: '', concurrency: 1, interruptions: [] };
    await writing.append((await randomHistory(history)).events.slice(0, 7));
    const times = (await Array.fromAsync(ledger.readAll())).map(({ at }) => at);
    for (const [position, at] of times.entries()) {
      expect(await positionBefore(ledger, at)).toBe(position === 0 ? null : position - 1);
      expect(await positionBefore(ledger, at + 1)).toBe(position);
    }
    expect(await positionBefore(ledger, Number.MAX_SAFE_INTEGER)).toBe(6);
  });
});
