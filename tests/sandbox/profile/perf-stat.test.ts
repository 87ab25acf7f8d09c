import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { containerProcesses } from '../../../sandbox/profile/container-processes.ts';
import { nothingCounted } from '../../../sandbox/profile/perf-counter.ts';
import { perfValue } from '../../../sandbox/profile/perf-output.ts';
import { countProcesses } from '../../../sandbox/profile/perf-process.ts';
import { createPerfStat } from '../../../sandbox/profile/perf-stat.ts';

const lacking = await createPerfStat().lacking();
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Writes a line, then makes 1000 system calls in a child and 500 of its own for each line it reads. */
const busy = `
import os, sys
print('ready', flush=True)
for line in sys.stdin:
    if os.fork() == 0:
        for _ in range(1000): os.getppid()
        os._exit(0)
    os.wait()
    for _ in range(500): os.getppid()
    print('done', flush=True)
`;

async function startBusy() {
  const child = spawn('python3', ['-I', '-c', busy], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    work: async () => {
      child.stdin.write('\n');
      await once(child.stdout, 'data');
    },
    end: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

function programSaying(text: string, exitCode: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'pawl-perf-'));
  const path = join(directory, 'perf');
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' '${text}' >&2\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(lacking.syscalls !== null)('perf, where it counts system calls', () => {
  test('counts those of a process and of what it starts, from the moment it is attached until it is stopped', async () => {
    const process = await startBusy();
    await process.work();
    const counting = await countProcesses('perf', ['syscalls'], [process.pid]);
    await process.work();
    const counts = await counting.stop();
    await process.work();
    expect(counts.instructions).toBeNull();
    // Reading, forking, waiting and writing take some more, and the first round and the third are not in it.
    expect(counts.syscalls).toBeGreaterThanOrEqual(1_500);
    expect(counts.syscalls).toBeLessThan(1_700);
    expect(await counting.stop()).toBe(counts);
  });

  test('gives its counts also when the processes have ended before', async () => {
    const process = await startBusy();
    const counting = await countProcesses('perf', ['syscalls'], [process.pid]);
    await process.work();
    await process.end();
    expect((await counting.stop()).syscalls).toBeGreaterThanOrEqual(1_500);
  });

  test('counts nothing of a process that is not there', async () => {
    const process = await startBusy();
    await process.end();
    const counting = await countProcesses('perf', ['syscalls'], [process.pid]);
    expect(await counting.stop()).toEqual(nothingCounted);
  });
});

describe('a counter', () => {
  test('says that the program is not there', async () => {
    const counter = createPerfStat('/nowhere/perf');
    const reason = '`/nowhere/perf` cannot be started: spawn /nowhere/perf ENOENT';
    expect(await counter.lacking()).toEqual({ instructions: reason, syscalls: reason });
    const counting = await counter.attach({ id: '0'.repeat(64), pid: process.pid });
    expect(await counting.stop()).toEqual(nothingCounted);
  });

  test('says what the program said, where it refuses', async () => {
    const program = programSaying('Error: Access to performance monitoring is limited.', 255);
    const paranoid = readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8').trim();
    try {
      expect(await createPerfStat(program).lacking()).toMatchObject({
        syscalls: `\`${program}\` did not count it and says: Error: Access to performance monitoring is limited. (perf_event_paranoid is ${paranoid})`,
      });
      const counting = await countProcesses(program, ['syscalls'], [process.pid]);
      expect(await counting.stop()).toEqual(nothingCounted);
    } finally {
      rmSync(join(program, '..'), { recursive: true });
    }
  });

  test('says that a virtual machine has no such counter', async () => {
    const program = programSaying('<not supported>,,instructions:u,0,100.00,,', 0);
    try {
      expect((await createPerfStat(program).lacking()).instructions).toBe(
        'the processor does not offer it here, as is usual in a virtual machine',
      );
    } finally {
      rmSync(join(program, '..'), { recursive: true });
    }
  });

  test('does not count a process that is not of that container', async () => {
    expect(await containerProcesses({ id: 'f'.repeat(64), pid: process.pid })).toEqual([]);
    expect(await containerProcesses({ id: '', pid: process.pid })).toEqual([]);
    expect(await containerProcesses({ id: 'f'.repeat(64), pid: 2 ** 22 + 1 })).toEqual([]);
  });
});

test('counts are read from what perf writes, with or without its modifier', () => {
  const output = [
    'Events enabled',
    '6019,,raw_syscalls:sys_enter,4535675,100.00,1.327,M/sec',
    '123456,,instructions,4535675,100.00,,',
    '',
  ].join('\n');
  expect(perfValue(output, 'syscalls')).toBe(6019);
  expect(perfValue(output, 'instructions')).toBe(123456);
  expect(perfValue('<not supported>,,instructions:u,0,100.00,,\n', 'instructions')).toBe('<not supported>');
  expect(perfValue('nothing of the kind', 'syscalls')).toBeUndefined();
});
