import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certifiedAccount } from '../../../../gates/policy/level-policy.ts';
import { parseRational } from '../../../../gates/policy/math/rational.ts';
import { mcnemarRejects } from '../../../../gates/policy/mcnemar.ts';
import { gateReport } from '../../../../src/exchange/gate/gate-report.ts';
import { PawlError } from '../../../../src/kernel/pawl-error.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { openMemoryStore } from '../../../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { examine } from '../../../../src/loop/improve/examine/examine.ts';
import { createProposer } from '../../../../src/loop/improve/proposers/registry.ts';
import { sharedDirectory } from '../../../e2e/directory.ts';
import { jsonLines, pawl } from '../../../e2e/pawl.ts';
import { ScriptedSandbox } from '../../../support/scripted-sandbox.ts';
import { neverStops as never, sit, ToyProposer } from '../../../support/toy-improvement.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  skilled,
  toyGate,
  toyParts,
} from '../../../support/toy-line.ts';

const directory = sharedDirectory();
const kept = 'skill:dev=1,heldout=0.25,final=0.25';

describe('a proposer that is shown the score', () => {
  /** Guesses answers to yes-or-no items, and keeps each change of one answer that raises the score it is shown. */
  function climb(rounds: number, accepts: (wins: number, losses: number) => boolean): number {
    const random = seededRandom('peeking');
    const items = 100;
    const truth = Array.from({ length: items }, () => random.float() < 0.5);
    let champion = Array.from({ length: items }, () => random.float() < 0.5);
    for (let round = 0; round < rounds; round += 1) {
      const challenger = champion.map((answer) => (random.float() < 0.05 ? !answer : answer));
      const right = (answers: readonly boolean[], item: number): boolean => answers[item] === truth[item];
      const wins = truth.filter((_, item) => right(challenger, item) && !right(champion, item)).length;
      const losses = truth.filter((_, item) => right(champion, item) && !right(challenger, item)).length;
      if (accepts(wins, losses)) champion = challenger;
    }
    return champion.filter((answer, item) => answer === truth[item]).length / items;
  }

  it('learns the exam by heart in a naive loop, and knows nothing', () => {
    expect(climb(300, (wins, losses) => wins > losses)).toBeGreaterThan(0.8);
  });

  it('gets nowhere where each test costs what the alpha ledger says', () => {
    let account = certifiedAccount(parseRational('1/20'), parseRational('1/3'));
    const score = climb(300, (wins, losses) => {
      const isBetter = mcnemarRejects({ wins, losses }, account.level);
      account = account.after(isBetter ? 'promote' : 'discard', 1);
      return isBetter;
    });
    expect(score).toBeLessThan(0.65);
  });
});

describe('a program that proposes', () => {
  it('is given nothing of held-out items: not on stdin, not in its environment, arguments or directory', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services);
    const seen = new ToyProposer([kept, 'skill:optimize=0.5,dev=1,heldout=1']);
    await sit(line, services, { proposers: [seen], proposals: 3 });
    const view = seen.views.at(-1);
    if (view === undefined) throw new Error('nobody was asked');
    expect(view.past.map(({ symbol }) => symbol)).toContain('discard');
    const source = `let text = ''; for await (const chunk of process.stdin) text += chunk;
      const { readdirSync } = await import('node:fs');
      const told = { text, env: process.env, argv: process.argv.slice(2), files: readdirSync('.') };
      console.log(JSON.stringify({ content: told, hypothesis: 'h', predictedGain: 0, falsifiedBy: 'f' }));`;
    const spec = `program:"${process.execPath}" --input-type=module -e "${source.replaceAll('\n', ' ')}"`;
    const program = await createProposer(spec, { secondsMax: 20, tokensMax: null });
    const { content } = await program.propose(view, 'seed', never.abort);
    const told = JSON.stringify(content);
    expect(told).toContain('optimize-1');
    expect(told).not.toMatch(/heldout-\d|final-\d|dev-\d|run-0/);
    for (const event of await eventsOfLine(services, line)) {
      if (event.type === 'HeldOutUsed') {
        expect(told).not.toContain(event.data.run.slice(4));
        expect(told).not.toContain(event.data.items);
      } else if (event.type === 'CheckFinished' && event.data.sealed) {
        expect(told).not.toContain(event.data.sentence);
        expect(told).not.toContain(event.data.evidence.digest);
      }
    }
  });
});

describe('an examination that broke off on held-out items', () => {
  it('is a discard to everybody: that it broke off would be more than the symbol', async () => {
    const failing = new ScriptedSandbox({
      fault: ({ prelude, tests }) =>
        prelude.includes('heldout-3') && tests.kind === 'cases' && tests.cases.some(({ id }) => id === 'far')
          ? new PawlError('SANDBOX_FAILED', 'no sandbox')
          : null,
    });
    const told = [];
    for (const [spec, sandbox] of [
      ['skill:1', failing],
      ['skill:dev=1,heldout=0.25', new ScriptedSandbox()],
    ] as const) {
      const services = toyGate(openMemoryStore(), 'one', toyParts, sandbox);
      // One track: what is not promoted is not kept either.
      const line = await openToyLine(services, {
        gate: { policy: 'every-candidate', tests: 3, mdeMax: 0.95 },
      });
      const id = await proposeContent(line, services, { content: skilled(spec) });
      const standing = await examine(line, services, id, never);
      const { outcome, steps, sentence, budget } = gateReport(
        line.state,
        await eventsOfLine(services, line),
        id,
      );
      const heldOut = steps.at(-1);
      told.push({ standing, outcome, heldOut, sentence, budget, last: services.told.at(-1)?.sentence });
    }
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toMatchObject({ standing: 'discarded', outcome: 'discard' });
  });
});

describe('somebody at the command line', () => {
  it('is shown nothing of sealed runs, by whatever name and command, until they are given up', async () => {
    const path = join(directory, 'pawl.db');
    const store = await openSqliteStore({ path, mode: 'write', create: true });
    const services = toyGate(store, 'one');
    const line = await openToyLine(services);
    const id = await proposeContent(line, services, { content: skilled(kept) });
    await examine(line, services, id, never);
    const events = await eventsOfLine(services, line);
    const reads = events.flatMap((event) => (event.type === 'HeldOutUsed' ? [event.data] : []));
    const [run = '', other = ''] = reads.map((read) => read.run);
    const evidence = events.flatMap((event) =>
      event.type === 'CheckFinished' && event.data.sealed ? [event] : [],
    )[0];
    await services.ledger.close();
    const said = (...args: readonly string[]) => pawl(directory, [...args, '--ledger', `sqlite:${path}`]);

    const short = run.slice(-8);
    const attempts = [
      ...[
        ['show', run],
        ['show', short],
        ['show', `${short}.0`],
        ['show', `${short}:heldout-0`, '--at', '9999'],
      ],
      ...[
        ['compare', short, other],
        ['diff', `${short}.0`, `${other}.0`],
        ['audit', short],
        ['rerun', short],
      ],
      ...[
        ['fork', `${short}.0`],
        ['resume', short],
        ['replay', short],
        ['export', 'bundle', '--run', short],
      ],
      ['export', 'bundle', '--proposal', id],
    ];
    for (const attempt of attempts) {
      const { exitCode, stdout, stderr } = await said(...attempt);
      expect([attempt.join(' '), exitCode === 0, stdout]).toEqual([attempt.join(' '), false, '']);
      expect(stderr).not.toMatch(/heldout-\d+ |passed|solved/);
    }
    expect((await said('show', short)).stderr).toContain('HELD_OUT_SEALED');
    const runs = jsonLines((await said('runs', '--json')).stdout);
    // Not even their number: a test is as many runs as it looked.
    expect(runs.filter((row) => 'sealedBy' in row)).toEqual([
      { type: 'sealed-runs', sealedBy: 'improvement-toy' },
    ]);
    expect(runs.map(({ run }) => run)).not.toContain(short);

    const replayed = await said('replay', '--all', '--json');
    // The splits of the toy suite were not drawn by a plan; everything else comes out as recorded.
    const verdicts = jsonLines(replayed.stdout).map(
      ({ type, verdict }) => `${String(type)} ${String(verdict)}`,
    );
    expect(new Set(verdicts)).toEqual(
      new Set(['suite inconclusive', 'improvement pass', 'run pass', 'episode pass', 'replay inconclusive']),
    );
    expect(replayed.stderr).toContain('Sealed runs on held-out items were replayed too');
    for (const read of [run, other]) expect(replayed.stdout).not.toContain(read.slice(4));
    const secret = await said('erase', '--containing', '"statistic":"', '--dry-run', '--json');
    expect(secret.stdout).not.toContain(`"revision":${evidence?.revision},"type":"CheckFinished"`);
    expect((await said('erase', evidence?.data.evidence.digest ?? '', '--dry-run')).stdout).toBe('');

    const unsealed = await said('gate', 'unseal', '--reason', 'We look into what failed.');
    expect([unsealed.exitCode, unsealed.stderr]).toEqual([0, '']);
    expect((await said('show', short)).exitCode).toBe(0);
    expect((await said('gate', 'unseal', '--reason', 'Again.')).stderr).toContain('HELD_OUT_EXHAUSTED');
    const verified = await said('verify');
    expect([verified.stderr, verified.exitCode, verified.stdout]).toEqual([
      '',
      0,
      expect.stringContaining('Decisions: yes.'),
    ]);
  }, 60_000);
});
