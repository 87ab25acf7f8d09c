import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { settle } from '../../support/gate.ts';
import { mebi, requested, scheduled } from './scheduled-by-hand.ts';

describe('a scheduled sandbox', () => {
  it('runs as many at a time as it may, in turn between runs, and gives back what the driver gave', async () => {
    const { driver, sandbox, ended, execute } = scheduled();
    const [left, right] = [sandbox.forRun('left'), sandbox.forRun('right')];
    for (const program of ['l1', 'l2', 'l3', 'l4']) execute(program, left);
    for (const program of ['r1', 'r2']) execute(program, right);
    expect(driver.underWay).toEqual(['l1', 'l2']);
    for (const program of ['l1', 'l2', 'r1', 'r2', 'l3', 'l4']) {
      driver.finish(program);
      await settle();
    }
    expect(driver.started).toEqual(['l1', 'l2', 'r1', 'l3', 'r2', 'l4']);
    expect(Object.values(ended)).toEqual(Array(6).fill('passed'));
    expect(sandbox.languages).toEqual(driver.languages);
    expect(await left.fingerprint('javascript')).toEqual(await driver.fingerprint());
    expect(sandbox.forRun('left')).toBe(left);
  });

  it('refuses at once what can never fit, and waits with what does not fit now', async () => {
    const { driver, ended, execute, sandbox } = scheduled();
    execute('large', undefined, undefined, 8 * mebi);
    execute('second', undefined, undefined, 3 * mebi);
    await expect(sandbox.execute(requested('huge', 10 * mebi + 1))).rejects.toMatchObject({
      code: 'SANDBOX_DOES_NOT_FIT',
      message:
        'The execution may take 11 MiB of memory, and 10 MiB is all there is for executions here. Lower the memory limit of the task, or go on with a larger machine.',
      context: { bytes: 10 * mebi + 1, memoryBytesMax: 10 * mebi },
    });
    expect(driver.underWay).toEqual(['large']);
    driver.finish('large');
    await settle();
    expect([driver.underWay, ended]).toEqual([['second'], { large: 'passed' }]);
  });

  it('lets a caller go at once, and keeps the place until the driver has ended the execution', async () => {
    const { driver, ended, execute } = scheduled({ underWayMax: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    execute('first', undefined, first.signal);
    execute('second', undefined, second.signal);
    execute('third');
    second.abort('enough of the second');
    await settle();
    expect(ended).toEqual({ second: 'enough of the second' });
    first.abort('enough of the first');
    await settle();
    expect(ended).toEqual({ second: 'enough of the second', first: 'enough of the first' });
    expect(driver.started).toEqual(['first', 'third']);
    execute('never', undefined, AbortSignal.abort('before it began'));
    await settle();
    expect(ended['never']).toBe('before it began');
  });

  it('passes every other failure on, once, and starts the next', async () => {
    const { driver, told, ended, execute } = scheduled({ underWayMax: 1 });
    for (const program of ['a', 'b', 'c', 'd']) execute(program);
    driver.fail('a', new PawlError('SANDBOX_FAILED', 'The worker is gone.'));
    await settle();
    driver.fail('b', new PawlError('IMAGE_MISSING', 'There is no such image.'));
    await settle();
    driver.fail('c', new TypeError('x is not a function'));
    await settle();
    expect(ended).toEqual({ a: 'SANDBOX_FAILED', b: 'IMAGE_MISSING', c: 'TypeError: x is not a function' });
    expect([driver.started, told]).toEqual([['a', 'b', 'c', 'd'], []]);
  });

  it('closes a view for itself: what waits in it is rejected, what is under way ends, the others go on', async () => {
    const { driver, sandbox, ended, execute } = scheduled();
    const [left, right] = [sandbox.forRun('left'), sandbox.forRun('right')];
    for (const program of ['l1', 'l2', 'l3']) execute(program, left);
    execute('r1', right);
    let isClosed = false;
    const closing = left.close().then(() => {
      isClosed = true;
    });
    await settle();
    expect([ended, isClosed]).toEqual([{ l3: 'SANDBOX_CLOSED' }, false]);
    await expect(left.execute(requested('late'))).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await expect(left.fingerprint('javascript')).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    driver.finish('l1');
    driver.finish('l2');
    await closing;
    expect(ended).toEqual({ l1: 'passed', l2: 'passed', l3: 'SANDBOX_CLOSED' });
    expect([driver.underWay, driver.closed]).toEqual([['r1'], 0]);
    expect(sandbox.forRun('left')).not.toBe(left);
  });

  it('closes as a whole once, with whatever waits or is under way', async () => {
    const { driver, clock, sandbox, ended, execute } = scheduled({ underWayMax: 1 });
    execute('under way');
    execute('waiting');
    driver.goAway(new PawlError('ENGINE_UNREACHABLE', 'Nobody answers.'));
    await settle();
    expect([driver.underWay, clock.sleeping]).toEqual([[], [250]]);
    await Promise.all([sandbox.close(), sandbox.close()]);
    expect(ended).toEqual({ 'under way': 'SANDBOX_CLOSED', waiting: 'SANDBOX_CLOSED' });
    expect([driver.closed, clock.sleeping]).toEqual([1, []]);
    await expect(sandbox.execute(requested('late'))).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
  });

  it.each([
    ['underWayMax', { underWayMax: 0 }],
    ['underWayPerRunMax', { underWayPerRunMax: 1.5 }],
    ['memoryBytesMax', { memoryBytesMax: 0 }],
    ['overtakenMax', { overtakenMax: -1 }],
    ['patienceMs', { patienceMs: Number.NaN }],
  ])('refuses a senseless %s', (setting, options) => {
    expect(() => scheduled(options)).toThrow(
      expect.objectContaining({ code: 'SANDBOX_SETTINGS', context: { setting } }),
    );
  });

  it.each([0, -1, Number.POSITIVE_INFINITY])('refuses the weight %d', (weight) => {
    expect(() => scheduled().sandbox.forRun('run', { weight })).toThrow(
      expect.objectContaining({ code: 'SANDBOX_SETTINGS', context: { setting: 'weight' } }),
    );
  });
});
