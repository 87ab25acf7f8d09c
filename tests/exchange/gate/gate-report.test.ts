import { describe, expect, it } from 'vitest';
import { knownAnswer } from '../../../src/cli/known-answer.ts';
import { gateJunit } from '../../../src/exchange/gate/gate-junit.ts';
import { gateMarkdown } from '../../../src/exchange/gate/gate-markdown.ts';
import { type GateReport, gateReport } from '../../../src/exchange/gate/gate-report.ts';
import { gateDefinition, named } from '../../support/gate-definition.ts';
import { ImprovementHistory } from '../../support/improvement-history.ts';
import { proposalId } from '../../support/recorded-line.ts';

const reportOf = (line: ImprovementHistory, id: string): GateReport =>
  gateReport(line.state, line.events, proposalId(id));
const lastLines = ({ steps }: GateReport): readonly string[] =>
  steps.map(({ name, verdict }) => `${name} ${verdict}`);
const slices = gateDefinition({ guardrails: [{ tag: 'family', value: 'sort' }] });

describe('the report of an examination', () => {
  it('ends where the chain ended, and says that nothing was spent', () => {
    const line = new ImprovementHistory().begin().propose('a').examine('a', { dev: 'block' }).discard('a');
    expect(line.state.refused).toEqual([]);
    const report = reportOf(line, 'a');
    expect(report.outcome).toBe('discard');
    expect(report.budget).toBeNull();
    expect(lastLines(report)).toEqual([
      ...['static pass', 'dev block', 'cost not-reached', 'latency not-reached', 'trigger not-reached'],
      'held-out not-reached',
    ]);
  });

  it('of a promotion has one line for everything that is sealed, and the budget', () => {
    const line = new ImprovementHistory().begin(slices).propose('a').examine('a').promote('a');
    expect(line.state.refused).toEqual([]);
    const report = reportOf(line, 'a');
    expect([report.outcome, report.budget]).toEqual(['promote', { before: '1/20', after: '1/60' }]);
    expect(lastLines(report).at(-1)).toBe('held-out pass');
    expect(report.steps).toHaveLength(6);
  });

  it('is the same, byte for byte, whichever of the sealed checks blocked', () => {
    const [heldOut, slice] = (['heldout', 'slices'] as const).map((blocked) => {
      const line = new ImprovementHistory()
        .begin(slices)
        .propose('a')
        .examine('a', { [blocked]: 'block' });
      expect(line.state.proposals[proposalId('a')]?.decision?.decidedBy).toBe(blocked);
      // When it was decided and in which order records lie is of the test's making; nothing else differs.
      const report = { ...reportOf(line, 'a'), decidedMs: null };
      return `${gateJunit(report, 0)}${gateMarkdown(report)}${JSON.stringify(report)}`;
    });
    expect(heldOut).toContain('The symbol is discard; everything else is sealed.');
    expect(slice).toBe(heldOut);
  });

  it('waits for people, and says for how many', () => {
    const definition = gateDefinition({ approvals: { required: 1, from: [] } });
    const line = new ImprovementHistory()
      .begin(definition)
      .propose('a')
      .examine('a')
      .promoteOn('a', 'working');
    const { outcome, sentence } = reportOf(line, 'a');
    expect([outcome, sentence]).toEqual([
      'inconclusive',
      'The gate says promote, and it waits for people: it has 0 of 1 approvals.',
    ]);
    line.approve('a').promoteOn('a', 'certified');
    expect(reportOf(line, 'a').outcome).toBe('promote');
  });

  it('of one that was refused by a person is a discard', () => {
    const definition = gateDefinition({ approvals: { required: 1, from: [] } });
    const line = new ImprovementHistory().begin(definition).propose('a').examine('a').refuseApproval('a');
    expect(reportOf(line, 'a')).toMatchObject({
      outcome: 'discard',
      sentence: 'The gate says promote, but person:bob refused it.',
    });
  });

  it('of one that was never examined decides nothing', () => {
    const line = new ImprovementHistory().begin().propose('a');
    expect(reportOf(line, 'a')).toMatchObject({ outcome: 'inconclusive', steps: [] });
    line.discard('a');
    expect(reportOf(line, 'a').sentence).toContain('It was never judged');
  });
});

describe('what is known of a content before it is proposed', () => {
  const known = (line: ImprovementHistory, name: string) => knownAnswer(line.state, 'strategy', named(name));

  it('is nothing at first, and the baseline of what the slot holds from the beginning', () => {
    const line = new ImprovementHistory().begin();
    expect(known(line, 'a')).toEqual({ kind: 'nothing' });
    expect(known(line, 'strategy-0')).toEqual({ kind: 'baseline' });
  });

  it('is its decision, while it would be compared with the same champion by the same gate', () => {
    const line = new ImprovementHistory().begin().propose('a').examine('a', { dev: 'block' }).discard('a');
    expect(known(line, 'a')).toEqual({ kind: 'decided', proposal: proposalId('a') });
    line.propose('b').examine('b').promote('b');
    expect(known(line, 'b')).toEqual({ kind: 'decided', proposal: proposalId('b') });
    // Another champion: to compare with that is another question.
    expect(known(line, 'a')).toEqual({ kind: 'nothing' });
  });

  it('is the examination that has begun, also where approvals came and the promotion is still to be written', () => {
    const definition = gateDefinition({ approvals: { required: 1, from: [] } });
    const line = new ImprovementHistory().begin(definition).propose('a');
    expect(known(line, 'a')).toEqual({ kind: 'under-way', proposal: proposalId('a') });
    line.examine('a').promoteOn('a', 'working');
    expect(known(line, 'a').kind).toBe('decided');
    line.approve('a');
    expect(known(line, 'a').kind).toBe('under-way');
  });
});
