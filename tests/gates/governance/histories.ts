import type { GovernanceRule } from '../../../gates/governance/rules.ts';
import { gateDefinition, named } from '../../support/gate-definition.ts';
import type { ImprovementHistory } from '../../support/improvement-history.ts';
import { proposalId } from '../../support/recorded-line.ts';

export type Line = ImprovementHistory;
/** A history that is in order, and one event after it that breaks a rule. */
export type Case = readonly [what: string, given: (line: Line) => void, broken: (line: Line) => void];
export type Cases = Readonly<Partial<Record<GovernanceRule, readonly Case[]>>>;

export const empty = gateDefinition({ cost: null, latency: null });
export const stricter = gateDefinition({ cost: null, latency: null, alpha: '1/40' });
export const other = gateDefinition({ cost: null, latency: null, tag: '-2' });
export const twoPeople = gateDefinition({ approvals: { required: 2, from: ['person:bob', 'person:eve'] } });

export const begun = (line: Line) => void line.begin(empty);
export const proposed = (line: Line) => void line.begin(empty).propose('a');
export const opened = (line: Line) => void line.begin(empty).propose('a').openGate('a');
export const tested = (line: Line) => {
  opened(line);
  for (const _ of ['static', 'dev', 'trigger']) line.check('a', 'pass');
};
export const decided = (line: Line) => void line.begin(empty).propose('a').examine('a');
export const approvable = (line: Line) => void line.begin(twoPeople).propose('a').examine('a');
export const gateDecided = (line: Line) => {
  line.begin(empty).proposeGate('g', stricter).examine('g').approve('g');
};

export const shown = { side: 'challenger', reader: 'person', disclosed: 'everything' } as const;

export function items(definition: typeof empty) {
  return definition.evaluation.sealed?.items ?? named('nothing');
}

export function read(line: Line): void {
  tested(line);
  line.readHeldOut('a');
}

export function passed(line: Line): void {
  read(line);
  line.check('a', 'pass');
}

export function blocked(line: Line): void {
  opened(line);
  line.check('a', 'block');
}

export function id(name: string): string {
  return proposalId(name);
}
