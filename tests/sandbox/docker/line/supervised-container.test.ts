import { describe, expect, it } from 'vitest';
import type { OutputChunk, RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import type { CandidateSession } from '../../../../sandbox/docker/line/candidate-session.ts';
import { encodeFrame, frameReader, type StartOrder } from '../../../../sandbox/docker/line/frames.ts';
import { SupervisedContainer } from '../../../../sandbox/docker/line/supervised-container.ts';

const order = { user: null, cpuSecondsMax: 1, fileBytesMax: 1, openFilesMax: 8, outputBytesMax: 10 };
const usage = { cpuMs: 1.5, peakBytes: 9, minorFaults: 1, majorFaults: 0 };
const quietEnd = { exitCode: 0, signal: null, endedFor: 'order' as const, ...usage, clean: true };

/** A container whose inside is written by the test, one chunk after the other. */
function scriptedContainer(outOfMemory = false) {
  const chunks: OutputChunk[] = [];
  let wake: () => void = () => {};
  let over = false;
  const log: string[] = [];
  const written: Buffer[] = [];
  const container: RunningContainer = {
    id: 'scripted',
    memoryBytes: 1,
    write: async (bytes) => {
      written.push(Buffer.from(bytes));
    },
    output: (async function* () {
      for (;;) {
        const next = chunks.shift();
        if (next !== undefined) yield next;
        else if (over) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    })(),
    isOver: () => over,
    cpuMs: async () => 0,
    facts: async () => ({ running: !over, exitCode: null, outOfMemory, pid: null }),
    kill: async () => {
      log.push('killed');
      return { running: false, exitCode: 137, outOfMemory, pid: null };
    },
    destroy: async () => {
      log.push('destroyed');
    },
  };
  const frame = (kind: string, payload: Uint8Array): Buffer => {
    const encoded = encodeFrame('M', payload);
    encoded.write(kind, 0, 'latin1');
    return encoded;
  };
  const say = (bytes: Buffer, stream: 'stdout' | 'stderr' = 'stdout'): void => {
    chunks.push({ stream, bytes });
    wake();
  };
  const sentFrames = () => frameReader('SME')(Buffer.concat(written));
  const nonce = (): Buffer => {
    const start = JSON.parse(sentFrames()[0]?.payload.toString() ?? '') as StartOrder;
    return Buffer.from(start.nonce, 'hex');
  };
  return {
    container,
    log,
    say,
    sentFrames,
    ready: () => say(frame('R', Buffer.from('{"protocol":1,"version":"3.14.8"}'))),
    raw: frame,
    report: (kind: string, text: string, from = nonce()) =>
      say(frame(kind, Buffer.concat([from, Buffer.from(text)]))),
    end: () => {
      over = true;
      wake();
    },
  };
}

async function begun(outOfMemory = false) {
  const inside = scriptedContainer(outOfMemory);
  const supervised = new SupervisedContainer(inside.container);
  inside.ready();
  expect(await supervised.ready(1_000)).toEqual({ protocol: 1, version: '3.14.8' });
  const session = await supervised.begin(order);
  return { ...inside, supervised, session };
}
const asked = async (session: CandidateSession): Promise<unknown> => {
  const answer = await session.ask(Buffer.from('?'));
  return answer.kind === 'message'
    ? Buffer.from(answer.bytes).toString()
    : [answer.end.outcome, answer.end.type];
};

describe('a container with a supervisor', () => {
  it('takes an order, answers, prints, accounts for it, and takes the next one', async () => {
    const { session, supervised, report, ready, sentFrames } = await begun();
    const answer = asked(session);
    report('1', 'hello');
    report('2', 'oops');
    report('M', 'five');
    expect(await answer).toBe('five');
    await session.close();
    report('D', JSON.stringify(quietEnd));
    expect(await session.ended).toEqual({ kind: 'done', done: quietEnd });
    expect(session.stdout.result()).toEqual({ text: 'hello', bytesTotal: 5, truncated: false });
    expect(session.stderr.result().text).toBe('oops');
    expect(sentFrames().map(({ kind }) => kind)).toEqual(['S', 'M', 'E']);
    ready();
    await supervised.ready(1_000);
    expect([supervised.isUsable, supervised.executions]).toEqual([true, 1]);
  });

  it.each([
    ['an answer that was not asked for', 'M', 'x'],
    ['an account of another form', 'D', '{"exitCode":0}'],
    ['an account that is no JSON', 'D', 'passed!'],
    ['a clean account with a strange exit code', 'D', JSON.stringify({ ...quietEnd, exitCode: 256 })],
  ])('that reports %s is destroyed, and the report counts for nothing', async (_name, kind, text) => {
    const { session, supervised, report, log } = await begun();
    report(kind, text);
    expect(await session.ended).toMatchObject({
      kind: 'ended',
      end: { outcome: 'error', type: 'ForgedReport' },
    });
    expect([supervised.isUsable, log]).toEqual([false, ['destroyed']]);
    expect(await asked(session)).toEqual(['error', 'ForgedReport']);
  });

  it('that reports under another nonce, or in no frame at all, is destroyed', async () => {
    const other = await begun();
    other.report('D', JSON.stringify(quietEnd), Buffer.alloc(16));
    expect(await other.session.ended).toMatchObject({
      end: { message: 'A report does not carry the nonce of this execution.' },
    });
    const garbage = await begun();
    garbage.say(Buffer.from('all tests passed\n'));
    expect(await garbage.session.ended).toMatchObject({ end: { message: 'There is no frame of kind "a".' } });
    const early = scriptedContainer();
    early.say(early.raw('D', Buffer.alloc(16)));
    await expect(new SupervisedContainer(early.container).ready(1_000)).rejects.toMatchObject({
      code: 'IMAGE_UNUSABLE',
    });
  });

  it('that prints too much is listened to only so far', async () => {
    const { session, report, log } = await begun();
    const line = 'x'.repeat(200_000);
    for (let times = 0; times < 20; times += 1) report('1', line);
    expect(await session.ended).toMatchObject({
      end: { outcome: 'output_limit', message: 'the program wrote more than 10 bytes to stdout' },
    });
    expect([session.stdout.result().text, log]).toEqual(['xxxxxxxxxx', ['destroyed']]);
    expect(session.stdout.result().bytesTotal).toBe(1_200_000);
  });

  it('never passes a process that ended, whatever its exit code', async () => {
    const { session, report } = await begun();
    const answer = asked(session);
    report('D', JSON.stringify({ ...quietEnd, endedFor: null }));
    expect(await answer).toEqual(['error', 'ProcessEnded']);
    const loud = await begun();
    const waiting = asked(loud.session);
    loud.report('D', JSON.stringify({ ...quietEnd, exitCode: null, signal: 'SIGKILL', endedFor: 'stderr' }));
    expect(await waiting).toEqual(['output_limit', 'OutputLimitExceeded']);
  });

  it("takes memory that ran out from the engine's account, not from the signal", async () => {
    const killed = JSON.stringify({ ...quietEnd, exitCode: null, signal: 'SIGKILL', endedFor: null });
    for (const [outOfMemory, expected] of [
      [true, ['out_of_memory', 'OutOfMemory']],
      [false, ['error', 'ProcessEnded']],
    ] as const) {
      const { session, report } = await begun(outOfMemory);
      const answer = asked(session);
      report('D', killed);
      expect(await answer).toEqual(expected);
    }
  });

  it('that ends without an account has vanished, and answers that', async () => {
    const { session, end } = await begun();
    const answer = asked(session);
    end();
    expect(await answer).toEqual(['error', 'ContainerEnded']);
    expect(await session.ended).toEqual({ kind: 'vanished' });
  });

  it('says what it complained about when it was never ready', async () => {
    const inside = scriptedContainer();
    const supervised = new SupervisedContainer(inside.container);
    inside.say(Buffer.from('python3: not found\n'), 'stderr');
    inside.end();
    await expect(supervised.ready(1_000)).rejects.toMatchObject({
      code: 'IMAGE_UNUSABLE',
      message: 'The supervisor in the container ended before it was ready: python3: not found.',
    });
  });
});
