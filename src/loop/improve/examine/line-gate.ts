import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { Epoch } from '../../../../gates/governance/governance.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { invariant, PawlError } from '../../../kernel/pawl-error.ts';
import type { Suite } from '../../../tasks/suite.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';

/** The gate that is registered. @throws PawlError `IMPROVEMENT_NOT_FOUND` for a line that was not opened */
export function gateOf(line: ImprovementLine): {
  readonly digest: Digest;
  readonly definition: GateDefinition;
} {
  const { gate, opened } = line.state;
  if (gate !== null && opened !== null) return gate;
  throw new PawlError(
    'IMPROVEMENT_NOT_FOUND',
    `The ledger has no line of improvement "${line.name}". \`pawl gate open\` opens one.`,
    { context: { line: line.name } },
  );
}

/** The suite of a line, loaded as it was when the line was opened. @throws PawlError `SUITE_INVALID` when it has changed since */
export async function suiteOf(line: ImprovementLine, services: GateServices): Promise<Suite> {
  gateOf(line);
  const { opened } = line.state;
  const suite = await services.loadSuite(opened?.suiteSpec ?? '');
  if (suite.digest === opened?.suite) return suite;
  throw new PawlError(
    'SUITE_INVALID',
    `${opened?.suiteSpec} is not the suite that ${line.name} was opened on: its tasks have changed. Use the files of that time, or open another line.`,
    { context: { line: line.name } },
  );
}

/** Task ids that a digest of a gate's definition names, in their order. */
export async function itemsNamed(services: GateServices, digest: Digest): Promise<readonly string[]> {
  return JSON.parse(await services.ledger.getText(digest)) as readonly string[];
}

/** The epoch that an examination spends from. */
export function epochOf({ state }: ImprovementLine): Epoch {
  invariant(state.epoch !== null, 'held-out items are open');
  return state.epoch;
}
