import { beforeAll, describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { type Audit, auditRuns } from '../../src/loop/audit-runs.ts';
import { readRunState } from '../../src/loop/run-state.ts';
import { eventsOf, toyLedger } from '../support/toy-run.ts';
import { publicDataExists, publicDataMessage } from '../tasks/public-data.ts';
import { importPublished, type PublishedRun, publishedRuns } from './published-runs.ts';

/** What the audit finds, as `count/of`; findings that are not named found nothing. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'humaneval gpt-3.5-turbo-0613': {
    'over-accepted': '9/144',
    'worse-than-best': '2/164',
    'missing-environment': '1/1',
    'under-accepted': '1/20',
    'repeated-candidates': '160/413',
    'near-duplicates': '36/89',
    'feedback-without-effect': '120/249',
    friction: '3/21',
    'diversity-decay': '19/25',
  },
  'humaneval codellama': {
    'over-accepted': '13/104',
    'worse-than-best': '9/164',
    'missing-environment': '1/1',
    'repeated-candidates': '440/714',
    'near-duplicates': '74/110',
    'feedback-without-effect': '380/550',
    friction: '31/63',
    'diversity-decay': '29/60',
  },
  'mbpp gpt-3.5-turbo-0613': {
    'over-accepted': '57/437',
    'nothing-tested': '18/437',
    'missing-environment': '1/1',
    'repeated-candidates': '446/1158',
    'near-duplicates': '59/212',
    'feedback-without-effect': '322/658',
    friction: '10/75',
    'diversity-decay': '51/71',
  },
  'mbpp codellama': {
    'over-accepted': '73/360',
    'nothing-tested': '18/360',
    'missing-environment': '1/1',
    'repeated-candidates': '1011/1808',
    'near-duplicates': '183/297',
    'feedback-without-effect': '956/1308',
    friction: '77/152',
    'diversity-decay': '67/141',
  },
};

const nameOf = ({ suite, model }: PublishedRun): string => `${suite} ${model}`;

/** Findings with something in them, by name. */
function foundBy({ reports }: Audit): Readonly<Record<string, string>> {
  const some = reports.filter(({ found }) => found.count > 0);
  return Object.fromEntries(some.map(({ finding, found }) => [finding.name, `${found.count}/${found.of}`]));
}

describe.skipIf(!publicDataExists)(`the recorded runs that are published${publicDataMessage}`, () => {
  let ledger: Ledger;
  const runs = new Map<string, StreamName>();
  beforeAll(async () => {
    ledger = toyLedger(openMemoryStore(), 'published');
    for (const published of publishedRuns)
      runs.set(nameOf(published), await importPublished(ledger, published));
  });
  const runOf = (published: PublishedRun): StreamName => runs.get(nameOf(published)) as StreamName;

  it('hold 4,093 programs, each proposed and executed in the ledger, and 1,328 graded answers', async () => {
    const counts = new Map<string, number>();
    for await (const { type, data } of ledger.readAll()) {
      const name = type === 'VerdictRecorded' ? `${type} ${data.tests}` : type;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const proposals = (counts.get('CandidateGenerated') ?? 0) + (counts.get('CandidateRejected') ?? 0);
    expect(proposals).toBe(4093);
    expect(counts.get('CandidateRejected')).toBe(160 + 440 + 446 + 1011);
    expect(counts.get('VerdictRecorded public')).toBe(4093);
    expect(counts.get('VerdictRecorded hidden')).toBe(1328);
    expect(counts.get('FinalGraded')).toBe(1328);
    // Every failing verdict that another program followed: 4,093 less the last program of each of 1,328 tasks.
    expect(counts.get('FeedbackComposed')).toBe(4093 - 1328);
  });

  it.each(publishedRuns)('$suite by $model came to what the file says', async (published) => {
    const { tasks, publicPass, hiddenPass, programs } = published;
    const { finished, episodes } = await readRunState(ledger, runOf(published));
    expect(finished).toMatchObject({ episodes: tasks, publicPass, hiddenPass });
    let candidates = 0;
    for (const { episode } of episodes) {
      const end = (await eventsOf(ledger, episode)).at(-1);
      if (end?.type === 'EpisodeFinished') candidates += end.data.candidates;
    }
    expect(candidates).toBe(programs);
  });

  it.each(publishedRuns)(
    'the audit of $suite by $model finds what is there, with its evidence',
    async (published) => {
      const run = runOf(published);
      const audit = await auditRuns(ledger, [run]);
      expect(foundBy(audit)).toEqual(expected[nameOf(published)]);
      const overAccepted = audit.reports.find(({ finding }) => finding.name === 'over-accepted')?.found;
      expect(overAccepted).toMatchObject({ count: published.overAccepted, of: published.publicPass });
      for (const { evidence } of overAccepted?.cases ?? []) {
        const [pick, grade] = evidence;
        const events = await eventsOf(ledger, pick?.stream as StreamName);
        expect(events[pick?.revision ?? -1]).toMatchObject({
          type: 'FinalPicked',
          data: { publicPass: true },
        });
        expect(events[grade?.revision ?? -1]).toMatchObject({
          type: 'FinalGraded',
          data: { hiddenPass: false },
        });
      }
      const [curve] = audit.curves;
      expect(curve?.episodes).toBe(published.tasks);
      expect(curve?.points.map(({ hiddenPass }) => hiddenPass)).toEqual(published.curve);
      expect(curve?.points.at(-1)).toMatchObject({
        publicPass: published.publicPass,
        hiddenPass: published.hiddenPass,
      });
      expect([audit.unreadable, audit.programs > 0]).toEqual([0, true]);
    },
  );

  it('two models on the same tasks are arms that spent unequally', async () => {
    const [gpt, codellama] = publishedRuns.filter(({ suite }) => suite === 'humaneval');
    if (gpt === undefined || codellama === undefined) throw new Error('two models');
    const audit = await auditRuns(ledger, [runOf(gpt), runOf(codellama)]);
    const { found } = audit.reports.find(({ finding }) => finding.name === 'unequal-spending') ?? {};
    expect(found?.cases.map(({ about }) => about)).toEqual([
      'candidates for each task: 2.5, 4.4',
      'executions for each task: 2.5, 4.4',
      expect.stringMatching(/^tokens for each task: /),
    ]);
    expect(found?.figures).toMatchObject({
      tasks: 164,
      'candidates 1': 413 / 164,
      'candidates 2': 714 / 164,
    });
  });
});
