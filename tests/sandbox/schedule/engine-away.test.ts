import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { settle } from '../../support/gate.ts';
import { requested, scheduled } from './scheduled-by-hand.ts';

const away = (message = 'Nobody answers.') => new PawlError('ENGINE_UNREACHABLE', message);
const full = () => new PawlError('ENGINE_DISK_FULL', 'No space left on device.');

describe('an engine that goes away', () => {
  it('keeps everything waiting, is tried one execution at a time, and nothing is lost when it is back', async () => {
    const { driver, clock, told, ended, execute } = scheduled();
    for (const program of ['a', 'b', 'c']) execute(program);
    driver.goAway(away());
    await settle();
    expect([driver.started, told]).toEqual([['a', 'b'], ['waits since 1000000: ENGINE_UNREACHABLE']]);
    clock.advance(249);
    await settle();
    expect(driver.started.length).toBe(2);
    clock.advance(1); // 250
    await settle();
    clock.advance(500); // 750
    await settle();
    expect([driver.started.slice(2), clock.sleeping]).toEqual([['b', 'a'], [1000]]);
    driver.fault = null;
    clock.advance(1000); // 1750
    await settle();
    // Still only the probe: that it was let in says nothing yet.
    expect(driver.underWay).toEqual(['c']);
    execute('d');
    expect(driver.underWay).toEqual(['c']);
    driver.finish('c');
    await settle();
    expect(told).toEqual(['waits since 1000000: ENGINE_UNREACHABLE', 'goes on, away since 1000000']);
    expect(driver.underWay.length).toBe(2);
    for (let left = 3; left > 0; left -= 1) {
      driver.finish(driver.underWay[0] ?? '');
      await settle();
    }
    expect(ended).toEqual({ a: 'passed', b: 'passed', c: 'passed', d: 'passed' });
    expect(clock.sleeping).toEqual([]);
  });

  it('is waited for no longer than patience lasts; then the engine’s own error is told', async () => {
    const { driver, clock, ended, execute, sandbox } = scheduled({ patienceMs: 1000 });
    execute('a');
    driver.goAway(away('connect ENOENT /var/run/docker.sock'));
    execute('b');
    await settle();
    for (const pause of [250, 500, 249]) {
      clock.advance(pause);
      await settle();
    }
    expect([ended, clock.sleeping]).toEqual([{}, [1]]);
    clock.advance(1);
    await settle();
    expect(ended).toEqual({ a: 'ENGINE_UNREACHABLE', b: 'ENGINE_UNREACHABLE' });
    // What comes later finds out for itself, and waits no second time.
    const before = driver.started.length;
    await expect(sandbox.execute(requested('c'))).rejects.toBe(driver.fault);
    expect(driver.started.length).toBe(before + 1);
    driver.fault = null;
    execute('d');
    driver.finish('d');
    await settle();
    expect(ended['d']).toBe('passed');
  });

  it('by a full disk is away when three in a row say so', async () => {
    const { driver, told, execute, clock } = scheduled({ underWayMax: 1 });
    execute('a');
    driver.fail('a', full());
    await settle();
    expect([driver.underWay, told]).toEqual([['a'], []]);
    driver.fail('a', full());
    await settle();
    expect(told).toEqual([]);
    driver.fail('a', full());
    await settle();
    expect([driver.underWay, told, clock.sleeping]).toEqual([
      [],
      ['waits since 1000000: ENGINE_DISK_FULL'],
      [250],
    ]);
  });

  it('by a full disk is not put off by what began before it was full', async () => {
    const { driver, told, execute } = scheduled({ underWayMax: 3 });
    for (const program of ['a', 'b', 'c', 'd']) execute(program);
    driver.fail('a', full());
    driver.fail('b', full());
    driver.finish('c');
    await settle();
    expect([driver.underWay.toSorted(), told]).toEqual([['a', 'b', 'd'], []]);
    // What began after a failure and found room says that there is some.
    driver.finish('d');
    await settle();
    driver.fail('a', full());
    await settle();
    expect(told).toEqual([]);
    driver.finish('b');
    await settle();
    driver.fail('a', full());
    await settle();
    driver.fail('a', full());
    await settle();
    expect(told).toEqual(['waits since 1000000: ENGINE_DISK_FULL']);
  });

  it('under one execution whenever that runs does not hold up the others for long', async () => {
    const { driver, clock, ended, execute } = scheduled({ underWayMax: 1 });
    for (const program of ['deadly', 'b', 'c']) execute(program);
    for (const delayMs of [250, 500]) {
      driver.fail('deadly', away());
      await settle();
      clock.advance(delayMs);
      await settle();
    }
    for (const program of ['b', 'c']) {
      driver.finish(program);
      await settle();
    }
    expect(driver.started).toEqual(['deadly', 'deadly', 'b', 'c', 'deadly']);
    expect(ended).toEqual({ b: 'passed', c: 'passed' });
  });

  it('under one execution more often than that may be repeated ends that with the engine’s own error', async () => {
    const { driver, clock, told, ended, execute } = scheduled({ underWayMax: 1, repeatsMax: 1 });
    execute('deadly');
    execute('b');
    driver.fail('deadly', away());
    await settle();
    clock.advance(250);
    await settle();
    driver.finish('deadly'); // as the probe; it is over
    await settle();
    execute('deadlier');
    driver.finish('b');
    await settle();
    for (let deaths = 0; deaths < 2; deaths += 1) {
      driver.fail('deadlier', away());
      execute('c');
      await settle();
      clock.advance(250);
      await settle();
      if (deaths > 0) break;
      driver.fail('deadlier', away());
      await settle();
      clock.advance(500);
      await settle();
      driver.finish('c');
      await settle();
    }
    expect(driver.started.slice(3)).toEqual(['deadlier', 'deadlier', 'c', 'deadlier', 'c']);
    expect(ended).toEqual({ deadly: 'passed', b: 'passed', c: 'passed', deadlier: 'ENGINE_UNREACHABLE' });
    expect(told.length).toBe(5);
  });

  it('is not back because of an answer that was on its way, nor away again for a failure noticed late', async () => {
    const { driver, clock, told, ended, execute } = scheduled({ underWayMax: 3 });
    for (const program of ['a', 'b', 'c']) execute(program);
    driver.fail('a', away());
    await settle();
    driver.finish('b');
    await settle();
    expect([ended, told.length, driver.underWay]).toEqual([{ b: 'passed' }, 1, ['c']]);
    clock.advance(250);
    await settle();
    driver.finish('a');
    await settle();
    driver.fail('c', away('The connection was lost long ago.'));
    await settle();
    expect([told.length, driver.underWay]).toEqual([2, ['c']]);
    driver.finish('c');
    await settle();
    expect(ended).toEqual({ a: 'passed', b: 'passed', c: 'passed' });
  });

  it('can be given up by the caller, also as a probe; the next in turn is the next probe', async () => {
    const { driver, clock, told, ended, execute } = scheduled({ underWayMax: 1 });
    const abort = new AbortController();
    execute('a', undefined, abort.signal);
    execute('b');
    driver.fail('a', away());
    await settle();
    clock.advance(250);
    await settle();
    expect(driver.underWay).toEqual(['a']);
    abort.abort('stopped');
    await settle();
    expect([ended, driver.underWay, told.length]).toEqual([{ a: 'stopped' }, ['b'], 1]);
    driver.finish('b');
    await settle();
    expect(ended).toEqual({ a: 'stopped', b: 'passed' });
  });

  it('makes nothing again that nobody waits for any more', async () => {
    const { driver, clock, sandbox, ended, execute } = scheduled();
    const abort = new AbortController();
    driver.listens = false;
    execute('let go', sandbox.forRun('left'), abort.signal);
    execute('closed', sandbox.forRun('right'));
    abort.abort('stopped');
    const closing = sandbox.forRun('right').close();
    driver.goAway(away());
    await closing;
    driver.fault = null;
    clock.advance(60_000);
    await settle();
    expect([driver.started, ended]).toEqual([
      ['let go', 'closed'],
      { 'let go': 'stopped', closed: 'SANDBOX_CLOSED' },
    ]);
  });

  it('is left alone for longer each time, and a quarter of a minute at most', async () => {
    const { driver, clock, execute } = scheduled();
    execute('a');
    driver.goAway(away());
    const pauses: number[] = [];
    for (let trials = 0; trials < 8; trials += 1) {
      await settle();
      pauses.push(...clock.sleeping);
      clock.advance(clock.sleeping[0] ?? 0);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it('tells each what it died of, and those that never began why they could not', async () => {
    const { driver, clock, sandbox } = scheduled({ underWayMax: 1, patienceMs: 250 });
    const why = (program: string) =>
      sandbox.execute(requested(program)).then(
        () => 'nothing',
        ({ message }: Error) => message,
      );
    const ends = [why('a'), why('b')];
    driver.fail('a', away('Connection refused.'));
    await settle();
    clock.advance(250);
    await settle();
    driver.fail('a', away('Connection reset.'));
    expect(await Promise.all(ends)).toEqual(['Connection reset.', 'Connection refused.']);
  });
});
