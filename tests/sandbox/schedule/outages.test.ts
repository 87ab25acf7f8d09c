import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createScheduledSandbox } from '../../../sandbox/schedule/scheduled-sandbox.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { settle } from '../../support/gate.ts';
import { casesOf, requestOf } from '../execution-request.ts';
import { ManualClock } from './manual-clock.ts';
import { ManualSandbox } from './manual-sandbox.ts';

const patienceMs = 10_000;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('execute' as const), run: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('finish' as const), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('away' as const), full: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('back' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.nat(4_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), at: fc.nat() }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Asked {
  readonly program: string;
  readonly sinceMs: number;
  readonly abort: AbortController;
  ends: number;
  end: string | null;
}

const codes = { true: 'ENGINE_DISK_FULL', false: 'ENGINE_UNREACHABLE' } as const;

/** One history of an engine, and what came of every execution. */
class Outages {
  readonly driver = new ManualSandbox();
  readonly clock = new ManualClock();
  readonly asked: Asked[] = [];
  readonly finished: string[] = [];
  readonly #sandbox;
  #outageSinceMs: number | null = null;
  #startedBefore = 0;
  #endedBefore: ReadonlySet<string> = new Set();
  /** What began before the outage may still be under way in it. */
  #fromBefore: ReadonlySet<string> = new Set();

  constructor(repeatsMax: number) {
    this.#sandbox = createScheduledSandbox(this.driver, {
      ...{
        clock: this.clock,
        underWayMax: 3,
        claimBytes: () => 0,
        memoryBytesMax: null,
        patienceMs,
        repeatsMax,
      },
      onWait: () => {
        this.#outageSinceMs = this.clock.monotonic();
        this.#fromBefore = new Set(this.driver.underWay);
      },
      onResume: () => {
        this.#outageSinceMs = null;
      },
    });
  }

  async take(given: Step): Promise<void> {
    const { driver, clock } = this;
    const one = <Item>(items: readonly Item[], at: number) => items[at % Math.max(1, items.length)];
    if (given.kind === 'execute') this.#execute(`run ${given.run}`);
    else if (given.kind === 'away') {
      driver.goAway(new PawlError(codes[`${given.full}`], 'The engine is away.'));
    } else if (given.kind === 'back') driver.fault = null;
    else if (given.kind === 'time') {
      // In steps: what a probe at one moment comes to decides when the next one is.
      for (let ms = 0; ms < given.ms; ms += 50) await this.#advance(Math.min(50, given.ms - ms));
    } else if (given.kind === 'abort') one(this.asked, given.at)?.abort.abort('aborted');
    else {
      const program = one(driver.underWay, given.at);
      if (program === undefined) return;
      if (given.kind === 'finish') {
        this.finished.push(program);
        driver.finish(program);
      } else driver.fail(program, new PawlError('ENGINE_UNREACHABLE', 'The line broke.'));
    }
    await settle();
    this.#check();
    if (clock.sleeping.length > 1) throw new Error('there is one timer at most');
  }

  async #advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settle();
    this.#check();
  }

  #execute(run: string): void {
    const abort = new AbortController();
    const program = `${this.asked.length}`;
    const asked: Asked = { program, sinceMs: this.clock.monotonic(), abort, ends: 0, end: null };
    this.asked.push(asked);
    const end = (what: string): void => {
      asked.ends += 1;
      asked.end = what;
      if (what.startsWith('ENGINE')) this.#checkGivenUp();
    };
    const request = requestOf('javascript', program, casesOf());
    this.#sandbox
      .forRun(run)
      .execute(request, abort.signal)
      .then(
        ({ result }) => end(result.outcome),
        (error) => end(error instanceof PawlError ? error.code : `${error}`),
      );
  }

  /** Without repeats of its own to blame, an execution is given up only when patience has ended. */
  #checkGivenUp(): void {
    const awayMs = this.#outageSinceMs === null ? 0 : this.clock.monotonic() - this.#outageSinceMs;
    expect(awayMs).toBeGreaterThanOrEqual(patienceMs);
  }

  #check(): void {
    const { driver, asked } = this;
    expect(driver.underWay.length).toBeLessThanOrEqual(3);
    const probes = driver.underWay.filter((program) => !this.#fromBefore.has(program));
    if (this.#outageSinceMs !== null) expect(probes.length).toBeLessThanOrEqual(1);
    for (const { program, ends, end } of asked) {
      const times = this.finished.filter((known) => known === program).length;
      expect([program, ends, times <= 1]).toEqual([program, end === null ? 0 : 1, true]);
      if (end === 'passed') expect(times).toBe(1);
      // An outcome is never repeated: what has one is not started again.
      if (times === 1) expect(driver.underWay).not.toContain(program);
    }
    // Nor is what was given up, or let go by its caller.
    for (const program of driver.started.slice(this.#startedBefore))
      expect(this.#endedBefore).not.toContain(program);
    this.#startedBefore = driver.started.length;
    this.#endedBefore = new Set(asked.filter(({ end }) => end !== null).map(({ program }) => program));
    const awayMs = this.#outageSinceMs === null ? 0 : this.clock.monotonic() - this.#outageSinceMs;
    if (awayMs > patienceMs && probes.length === 0) {
      expect(
        asked.filter(({ end: ended, program }) => ended === null && !driver.underWay.includes(program)),
      ).toEqual([]);
    }
  }

  async end(): Promise<void> {
    await this.take({ kind: 'back' });
    for (let turns = 2 * this.asked.length + 40; turns > 0; turns -= 1) {
      await this.take({ kind: 'finish', at: 0 });
      if (this.asked.every(({ end: ended }) => ended !== null)) break;
      if (this.driver.underWay.length === 0) await this.take({ kind: 'time', ms: 4_000 });
    }
    expect(this.asked.filter(({ end: ended }) => ended === null)).toEqual([]);
    await this.#sandbox.close();
    expect([this.driver.underWay, this.clock.sleeping]).toEqual([[], []]);
  }
}

it('whatever the engine does, every execution ends once, none is made again after its outcome, and patience is kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const outages = new Outages(1_000);
      for (const given of steps) await outages.take(given);
      await outages.end();
      const passed = outages.asked
        .filter(({ end: ended }) => ended === 'passed')
        .map(({ program }) => program);
      const wasted = outages.finished.filter((program) => !passed.includes(program));
      // What finished and did not pass was let go by its caller before.
      for (const program of wasted) expect(outages.asked[Number(program)]?.end).toBe('aborted');
    }),
    { numRuns: 150 },
  );
});
