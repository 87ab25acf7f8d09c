import { afterEach, describe, expect, it } from 'vitest';
import type { StartOrder } from '../../../../sandbox/docker/line/frames.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { type Supervised, type SupervisedContainer, startSupervised } from './supervised.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);

type Message = readonly [
  kind: string,
  shared: unknown,
  records: (readonly unknown[])[],
  settled: unknown,
  ...unknown[],
];

/** Loads a program by hand, as the examiner does, and answers what calling its function `f` gives. */
async function callF(supervised: Supervised, program: string): Promise<unknown> {
  const ask = async (kind: string, ...values: unknown[]): Promise<Message> => {
    const message = JSON.stringify([kind, [0, 0, 0], [], [], ...values]);
    const answer = await supervised.line.ask(Buffer.from(message));
    if (answer.kind === 'ended') throw new Error(`${answer.end.type}: ${answer.end.message}`);
    return JSON.parse(Buffer.from(answer.bytes).toString()) as Message;
  };
  const order = {
    ...{ prelude: '', program, counter: '$c', words: [1, 2, 3, 4], epochMs: 0, steps: -1, statements: 0 },
    ...{ coverage: false, outputBytes: 1e9, names: ['f'], constants: [true] },
  };
  const loaded = await ask('load', JSON.stringify(order));
  const f = loaded[2].find((record) => record[1] === 'function');
  return (await ask('call', ['r', f?.[0]], ['u']))[4];
}

describe.skipIf(reason !== null)('the JavaScript supervisor in a container', () => {
  let container: SupervisedContainer | null = null;
  afterEach(() => {
    container?.destroy();
    container = null;
  });
  const open = async (level: 'execution' | 'batch'): Promise<SupervisedContainer> => {
    container = startSupervised(level);
    await container.ready();
    return container;
  };
  /** One execution from start to end. */
  const run = async (
    opened: SupervisedContainer,
    program: string,
    changes: Partial<StartOrder> = {},
  ): Promise<readonly [unknown, Awaited<Supervised['done']>]> => {
    await opened.ready();
    const supervised = opened.start(changes);
    const answer = await callF(supervised, program).catch((error: Error) => error.message);
    return [answer, await supervised.end()];
  };

  it('gives each execution of a warm container a process and a user of its own, and wipes what it wrote', async () => {
    const opened = await open('batch');
    const program = `const fs = require('fs');
      function f() {
        const seen = fs.readdirSync('/work').length;
        fs.mkdirSync('/work/d'); fs.writeFileSync('/work/d/.x', 'y'); fs.writeFileSync('/work/.hidden', 'y');
        return [process.getuid(), process.getgid(), process.getgroups().join('+'), process.cwd(), seen].join();
      }`;
    const [first, firstDone] = await run(opened, program, { user: 30_001 });
    const [second, secondDone] = await run(opened, program, { user: 30_002 });
    expect([first, second]).toEqual(['30001,30001,30001,/work,0', '30002,30002,30002,/work,0']);
    for (const done of [firstDone, secondDone]) {
      expect(done).toMatchObject({ exitCode: null, signal: 'SIGKILL', endedFor: 'order', clean: true });
      expect(done.cpuMs).toBeGreaterThan(0);
      expect(done.peakBytes).toBeGreaterThan(10_000_000);
      expect(done.minorFaults).toBeGreaterThan(100);
    }
  });

  it('ends daemons of a candidate with it', async () => {
    const opened = await open('batch');
    const daemon = `const { spawn } = require('child_process');
      function f() {
        const child = spawn('setsid', ['sh', '-c', 'trap "" TERM HUP; while :; do sleep 1; done'], { detached: true, stdio: 'inherit' });
        child.unref();
        return typeof child.pid;
      }`;
    expect(await run(opened, daemon, { user: 30_001 })).toMatchObject(['number', { clean: true }]);
    const others = `const fs = require('fs');
      function f() {
        const pids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && fs.statSync('/proc/' + name).uid !== 0);
        return pids.join() === String(process.pid);
      }`;
    expect(await run(opened, others, { user: 30_002 })).toMatchObject([true, { clean: true }]);
  });

  it('says that a container is not clean, and ends it, when something is left that it may not remove', async () => {
    const opened = await open('batch');
    const program = `function f() { require('fs').writeFileSync('/dev/shm/left', 'x'); return 1; }`;
    expect(await run(opened, program, { user: 30_001 })).toMatchObject([1, { clean: false }]);
    await opened.close();
  });

  it('tells how a candidate ended by itself', async () => {
    const opened = await open('batch');
    const exits = await run(opened, 'function f() { process.exit(3); }', { user: 30_001 });
    expect(exits).toMatchObject([
      'ProcessEnded: The process ended (3).',
      { exitCode: 3, signal: null, endedFor: null, clean: true },
    ]);
    const killed = await run(opened, 'function f() { process.kill(process.pid, "SIGKILL"); }', {
      user: 30_002,
    });
    expect(killed[1]).toMatchObject({ exitCode: null, signal: 'SIGKILL', endedFor: null, clean: true });
    const silent = await run(opened, 'function f() { require("fs").closeSync(3); }', { user: 30_003 });
    expect(silent[1]).toMatchObject({ endedFor: null, clean: true });
  });

  it('ends a candidate that writes what is no message', async () => {
    const opened = await open('batch');
    const program = 'function f() { require("fs").writeSync(3, Buffer.alloc(100, 255)); for (;;); }';
    expect((await run(opened, program, { user: 30_001 }))[1]).toMatchObject({
      endedFor: 'order',
      clean: true,
    });
  });

  it('ends a candidate whose output goes over the maximum, and has sent as much', async () => {
    const opened = await open('batch');
    await opened.ready();
    const supervised = opened.start({ user: 30_001, outputBytesMax: 100_000 });
    const program = 'function f() { for (;;) require("fs").writeSync(2, "x".repeat(50_000)); }';
    await expect(callF(supervised, program)).rejects.toThrow('OutputLimitExceeded');
    expect(await supervised.done).toMatchObject({ endedFor: 'stderr', clean: true });
    expect(supervised.stderr().length).toBeGreaterThan(100_000);
    expect(supervised.stderr().length).toBeLessThan(400_000);
  });

  it('ends nothing of an execution for what the one before it has printed', async () => {
    const opened = await open('batch');
    const flood = `const fs = require('fs');
      function f() { fs.writeSync(1, 'x'.repeat(5_000)); fs.writeSync(2, 'x'.repeat(5_000)); process.exit(0); }`;
    const slow =
      'function f() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300); return 7; }';
    for (let round = 0; round < 3; round += 1) {
      const [, flooded] = await run(opened, flood, { user: 30_001 + 2 * round, outputBytesMax: 1_000 });
      expect(flooded).toMatchObject({ exitCode: 0, endedFor: null, clean: true });
      const [answer, done] = await run(opened, slow, { user: 30_002 + 2 * round, outputBytesMax: 1_000 });
      expect([answer, done]).toMatchObject([7, { endedFor: 'order', clean: true }]);
    }
  });

  it('has the next process ready while a candidate runs, beyond its reach', async () => {
    const opened = await open('batch');
    await run(opened, 'function f() { return 1; }', { user: 30_001 });
    const program = `const fs = require('fs');
      function f() {
        const waiting = () => fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && fs.statSync('/proc/' + name).uid === 0
          && Number(fs.readFileSync('/proc/' + name + '/stat', 'latin1').replace(/.*\\) . /s, '').split(' ')[0]) > 1);
        for (let round = 0; waiting().length === 0 && round < 1e5; round += 1);
        const pid = waiting()[0];
        const tried = (action) => { try { action(); return 'done'; } catch (error) { return error.code; } };
        return [
          tried(() => process.kill(pid, 'SIGKILL')), tried(() => process.kill(pid, 'SIGSTOP')),
          tried(() => fs.readFileSync('/proc/' + pid + '/mem')), tried(() => fs.readdirSync('/proc/' + pid + '/fd')),
          tried(() => fs.writeFileSync('/proc/' + pid + '/oom_score_adj', '1000')),
        ].join();
      }`;
    const [answer, done] = await run(opened, program, { user: 30_002 });
    expect([answer, done]).toMatchObject(['EPERM,EPERM,EACCES,EACCES,EACCES', { clean: true }]);
    expect((await run(opened, 'function f() { return 2; }', { user: 30_003 }))[0]).toBe(2);
  });

  it('carries messages of megabytes both ways', async () => {
    const opened = await open('batch');
    const [answer] = await run(opened, 'function f() { return "é".repeat(4_000_000); }', { user: 30_001 });
    expect(answer).toBe('é'.repeat(4_000_000));
  });

  it('refuses what a kernel limit forbids', async () => {
    const opened = await open('batch');
    const program = `const fs = require('fs');
      function f() {
        const out = [];
        try { fs.writeFileSync('/work/large', Buffer.alloc(2_000_000)); out.push('written'); } catch (error) { out.push(error.code); }
        try { for (;;) fs.openSync('/proc/self/status'); } catch (error) { out.push(error.code); }
        return out.join();
      }`;
    const changes = { user: 30_001, fileBytesMax: 1_000_000, openFilesMax: 64 };
    expect((await run(opened, program, changes))[0]).toBe('EFBIG,EMFILE');
  });

  it('serves one execution where it shares the user of the candidate, and is over then', async () => {
    const opened = await open('execution');
    expect(await run(opened, 'function f() { return process.getuid(); }')).toMatchObject([
      65534,
      { signal: 'SIGKILL', endedFor: 'order', clean: false },
    ]);
    await opened.close();
  });
});
