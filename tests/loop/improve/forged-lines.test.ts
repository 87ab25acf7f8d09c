import { describe, expect, it } from 'vitest';
import { decideCheck } from '../../../gates/checks/decide-check.ts';
import { evidenceOf, evidenceSchema } from '../../../gates/checks/evidence.ts';
import { outcomesDigest } from '../../../gates/checks/item-outcome.ts';
import { configurationDigest } from '../../../gates/governance/governance.ts';
import type { AnyRecordedEvent } from '../../../src/events/record.ts';
import type { Digest, StreamName } from '../../../src/kernel/brand.ts';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { newBlob } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { finalTest } from '../../../src/loop/improve/examine/final-test.ts';
import type { GateOptions } from '../../../src/loop/improve/examine/make-gate-definition.ts';
import type { ImprovementLine } from '../../../src/loop/improve/improvement-line.ts';
import { certifiedIn, force, problemsIn } from '../../support/forced-line.ts';
import { forgeRecords, type RawRecord } from '../../support/forge-records.ts';
import { neverStops as never } from '../../support/toy-improvement.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  reopen,
  skilled,
  type ToyGate,
  toyGate,
} from '../../support/toy-line.ts';

type Data<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>['data'];

const foreign = 'f'.repeat(64) as Digest;
/** Better on dev alone: kept to work on, and not certified. */
const keptOnly = 'skill:dev=1,heldout=0.25,final=0.25';

async function judgedLine(spec: string, gate: Partial<GateOptions> = {}) {
  const store = openMemoryStore();
  const services = toyGate(store, 'one');
  const line = await openToyLine(services, { gate });
  const id = await proposeContent(line, services, { content: skilled(spec) });
  await examine(line, services, id, never);
  expect(await problemsIn(services.ledger)).toEqual([]);
  return { store, services, line, id };
}

async function last<Type extends AnyRecordedEvent['type']>(
  services: ToyGate,
  line: ImprovementLine,
  type: Type,
): Promise<Data<Type>> {
  const found = (await eventsOfLine(services, line)).findLast((event) => event.type === type);
  if (found === undefined) throw new Error(`no ${type} in ${line.stream}`);
  return found.data as Data<Type>;
}

/** Every problem names its line; the one that was forged is told with its revision and the rule that it breaks. */
function expectFound(problems: readonly string[], revision: number, rule: string): void {
  expect(problems).toContainEqual(
    expect.stringMatching(new RegExp(`improvement-toy, revision ${revision}, breaks the rule ${rule}:`)),
  );
}

describe('an event that somebody forced into a line is found, and changes nothing', () => {
  it('a promotion of another content than the one that was evaluated', async () => {
    const { services, line, id } = await judgedLine(keptOnly);
    const decided = await last(services, line, 'ChallengerPromoted');
    const slots = { ...decided.slots, generator: foreign };
    const forged = { ...decided, track: 'certified', challenger: foreign, slots } as const;
    const configuration = configurationDigest(slots);
    const data = { ...forged, proposal: id, configuration, replaces: line.state.digests.certified };
    const revision = await force(services.ledger, line, [{ type: 'ChallengerPromoted', data }]);
    expectFound(await problemsIn(services.ledger), revision, 'promotion-decided');
    expect(await certifiedIn(services.ledger, line)).toEqual(line.state.baseline);
  });

  it('a promotion of another content, where the gate said promote and people are asked', async () => {
    const { services, line, id } = await judgedLine('skill:1', { approvals: { required: 1, from: [] } });
    const working = await last(services, line, 'ChallengerPromoted');
    const slots = { ...working.slots, generator: foreign };
    const forged = { ...working, slots, challenger: foreign, configuration: configurationDigest(slots) };
    const data = {
      ...forged,
      proposal: id,
      track: 'certified',
      replaces: line.state.digests.certified,
    } as const;
    const revision = await force(services.ledger, line, [{ type: 'ChallengerPromoted', data }]);
    expectFound(await problemsIn(services.ledger), revision, 'promotion-evaluated');
    expect(await certifiedIn(services.ledger, line)).toEqual(line.state.baseline);
  });

  it('a second opening of the sealed items', async () => {
    const { services, line } = await judgedLine('skill:1');
    await finalTest(line, services, never);
    const data = await last(services, line, 'FinalTestOpened');
    const revision = await force(services.ledger, line, [{ type: 'FinalTestOpened', data }]);
    expectFound(await problemsIn(services.ledger), revision, 'items-once');
    expect((await reopen(services)).state.sealed?.verdict).toBe('better');
  });

  it('a gate that was registered after what it judges, by nobody', async () => {
    const { services, line } = await judgedLine(keptOnly);
    const first = await last(services, line, 'GateRegistered');
    const data = { ...first, replaces: first.gate };
    const revision = await force(services.ledger, line, [{ type: 'GateRegistered', data }]);
    expectFound(await problemsIn(services.ledger), revision, 'gate-change-governed');
  });

  it('an evaluation that names a gate which is not registered', async () => {
    const { services, line } = await judgedLine(keptOnly);
    const data = { ...(await last(services, line, 'EvaluationRequested')), gate: foreign };
    const revision = await force(services.ledger, line, [{ type: 'EvaluationRequested', data }]);
    expectFound(await problemsIn(services.ledger), revision, 'gate-current');
  });

  it('an approval by the proposer, and the promotion that rests on it', async () => {
    const { services, line, id } = await judgedLine('skill:1', { approvals: { required: 1, from: [] } });
    const working = await last(services, line, 'ChallengerPromoted');
    const { challenger } = working;
    const approval = { proposal: id, by: 'tuner', challenger, comment: 'It is mine.' };
    const replaces = line.state.digests.certified;
    const revision = await force(services.ledger, line, [
      { type: 'ApprovalGiven', data: approval },
      { type: 'ChallengerPromoted', data: { ...working, track: 'certified', replaces } },
    ]);
    const problems = await problemsIn(services.ledger);
    expectFound(problems, revision, 'approval-counts');
    expectFound(problems, revision + 1, 'approval-complete');
    expect(await certifiedIn(services.ledger, line)).toEqual(line.state.baseline);
  });

  it('an epoch that is opened again with the same items', async () => {
    const { services, line } = await judgedLine(keptOnly);
    const opened = await last(services, line, 'HeldOutOpened');
    const exhausted = { epoch: 1, reason: 'budget_spent', detectable: null, note: '' } as const;
    const revision = await force(services.ledger, line, [
      { type: 'HeldOutExhausted', data: exhausted },
      { type: 'HeldOutOpened', data: { ...opened, epoch: 2 } },
    ]);
    expectFound(await problemsIn(services.ledger), revision + 1, 'items-once');
    expect((await reopen(services)).state.epochs).toBe(1);
  });

  it('a rollback to what the slot never held', async () => {
    const { services, line } = await judgedLine('skill:1');
    const from = line.state.certified.generator as Digest;
    const data = { slot: 'generator', from, to: foreign, reason: 'Back.', by: 'person:ada' } as const;
    const revision = await force(services.ledger, line, [{ type: 'ChampionRolledBack', data }]);
    expectFound(await problemsIn(services.ledger), revision, 'rollback-known');
    expect(await certifiedIn(services.ledger, line)).toEqual(line.state.certified);
  });

  it('two proposals under examination at once', async () => {
    const { services, line } = await judgedLine(keptOnly);
    const ids = [];
    for (const spec of ['skill:0.8', 'skill:0.9'])
      ids.push(await proposeContent(line, services, { content: skilled(spec) }));
    const before = await last(services, line, 'GateOpened');
    const { working, certified } = line.state.digests;
    const opened = ids.map((proposal) => {
      const { challenger, parent } = line.state.proposals[proposal] ?? {};
      if (challenger == null || parent == null) throw new Error('nothing was proposed');
      const slots = { ...line.state.working, generator: challenger };
      const configuration = configurationDigest(slots);
      const data = { ...before, proposal, challenger, parent, slots, configuration, working, certified };
      return { type: 'GateOpened', data } as const;
    });
    const revision = await force(services.ledger, line, opened);
    const problems = await problemsIn(services.ledger);
    expect(problems.length).toBe(1);
    expectFound(problems, revision + 1, 'one-examination');
  });
});

describe('a record that somebody wrote over is found', () => {
  const editing =
    (type: string, edit: (data: Record<string, unknown>) => Record<string, unknown>) =>
    (record: RawRecord): void => {
      if (record.type === type) record.data = { ...record.data, ...edit(record.data) };
    };

  it.each([
    [
      'a level that the alpha ledger did not give',
      'CheckFinished',
      'level-from-ledger',
      { level: '1/2' },
      'heldout',
    ],
    ['a verdict that was flipped', 'GateDecided', 'decision-follows', { verdict: 'promote' }, null],
    ['a budget that is whole again', 'GateDecided', 'decision-follows', { budgetAfter: '1/20' }, null],
  ] as const)('%s', async (_what, type, rule, change, kind) => {
    const { store, services, line } = await judgedLine(keptOnly);
    const forged = await forgeRecords(
      store,
      editing(type, (data) => (kind === null || data['kind'] === kind ? change : {})),
    );
    const events = await eventsOfLine(services, line);
    const revision = events.findIndex(
      (event) =>
        event.type === type &&
        (kind === null || (event.type === 'CheckFinished' && event.data.kind === kind)),
    );
    expectFound(await problemsIn(forged), revision, rule);
    expect(await certifiedIn(forged, line)).toEqual(line.state.baseline);
  });

  /** Outcomes in which the challenger won everything, and all that follows from them, as the gate would have come to it. */
  async function flattered() {
    const made = await judgedLine(keptOnly);
    const { store, services, line } = made;
    const events = await eventsOfLine(services, line);
    const check = events.find((event) => event.type === 'CheckFinished' && event.data.kind === 'heldout');
    const { definition } = line.state.gate ?? {};
    if (check?.type !== 'CheckFinished' || definition === undefined) throw new Error('no held-out test');
    const { input } = evidenceSchema.parse(
      JSON.parse(await services.ledger.getText(check.data.evidence.digest)),
    );
    if (input.kind !== 'heldout') throw new Error('other evidence');
    const outcomes = input.outcomes.map((outcome) => ({ ...outcome, challenger: 1 }));
    const doctored = { ...input, outcomes };
    const step = { name: 'heldout', kind: 'heldout', sealed: true } as const;
    const result = decideCheck(step, definition, doctored);
    expect(result.verdict).toBe('pass');
    const { blob, ref } = newBlob(canonicalJson(evidenceOf(step, doctored, result)));
    await store.putBlobs([blob]);
    return { ...made, check, result, ref, outcomes };
  }

  it('evidence that was exchanged, without what came of it', async () => {
    const { store, line, ref, check } = await flattered();
    const forged = await forgeRecords(
      store,
      editing('CheckFinished', ({ kind }) => (kind === 'heldout' ? { evidence: ref } : {})),
    );
    const problems = await problemsIn(forged);
    expect(problems).toContainEqual(
      expect.stringContaining(`improvement-toy, revision ${check.revision}, proposal `),
    );
    expect(await certifiedIn(forged, line)).toEqual(line.state.baseline);
  });

  it('outcomes that did not happen, with everything that follows from them', async () => {
    const { store, line, ref, result, outcomes, services } = await flattered();
    const { verdict, statistic, itemsUsed: items, sentence } = result;
    const check = { verdict, statistic, items, sentence, evidence: ref, outcomes: outcomesDigest(outcomes) };
    const decision = { verdict: 'promote', symbol: 'promote', budgetAfter: '1/60', keep: true };
    const forged = await forgeRecords(store, (record) => {
      editing('CheckFinished', ({ kind }) => (kind === 'heldout' ? check : {}))(record);
      editing('GateDecided', () => decision)(record);
    });
    const working = await last(services, line, 'ChallengerPromoted');
    const replaces = line.state.digests.baseline;
    await force(forged, line, [
      { type: 'ChallengerPromoted', data: { ...working, track: 'certified', replaces } },
    ]);
    // No rule of the line is broken, and the arithmetic is right: only the runs say otherwise.
    const problems = await problemsIn(forged);
    expect(problems.length).toBe(12);
    for (const problem of problems)
      expect(problem).toMatch(
        /^improvement-toy: heldout decided from an outcome of the challenger on "heldout-\d+" that did not happen: the evidence says 1, its run 0\.$/,
      );
  });
});

describe('what was run beside the gate is found', () => {
  it('a run on held-out items that no gate asked for', async () => {
    const { services, line } = await judgedLine(keptOnly);
    const run = 'run-01KDVDNA003QXY0D32619QA245' as StreamName;
    const used = await last(services, line, 'HeldOutUsed');
    const copied = await Array.fromAsync(services.ledger.readStream(used.run));
    const drafts = copied.map(({ type, data }) =>
      services.ledger.draft({ type, data } as never, { actor: 'somebody', correlation: 'aside' }, null),
    );
    await services.ledger.append(run, -1, drafts, []);
    expect(await problemsIn(services.ledger)).toEqual([
      `${run} executed 16 held-out items of improvement-toy outside of its gate (rule held-out-inside-gate).`,
    ]);
  });
});
