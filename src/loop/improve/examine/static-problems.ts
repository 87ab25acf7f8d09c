import { parseGateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { Proposal } from '../../../../gates/governance/governance.ts';
import type { RunSlot } from '../../../events/slots.ts';
import { digestOf } from '../../../kernel/digest.ts';
import { isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { scorerNamed } from '../../../scorers/registry.ts';
import { strategyNamed, strategyRef } from '../../../strategies/registry.ts';
import { parsePromptTemplate } from '../../prompt-template.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { parseSlotContent, type SlotContent } from '../slot-content.ts';
import { gateChangeProblems } from './gate-change-problems.ts';
import type { GateServices } from './gate-services.ts';

/** Why a challenger cannot be used in its slot, one sentence each; empty when it can. */
export async function staticProblems(
  line: ImprovementLine,
  services: GateServices,
  { slot, challenger }: Proposal,
): Promise<readonly string[]> {
  if (challenger === null) return ['Nothing was proposed.'];
  try {
    const content: unknown = JSON.parse(await services.ledger.getText(challenger));
    if (slot === 'gate') return await gateChangeProblems(line, services, parseGateDefinition(content));
    await tryOut(slot, content, services);
    return [];
  } catch (error) {
    // What is not coded is a defect of ours, and no property of the challenger.
    if (isPawlError(error) && !error.entry.retryable && error.code !== 'INTERNAL')
      return [error.message.slice(0, 500)];
    if (error instanceof SyntaxError) return ['Its content is not JSON.'];
    throw error;
  }
}

async function tryOut(slot: RunSlot, content: unknown, services: GateServices): Promise<void> {
  switch (slot) {
    case 'strategy':
      return checkStrategy(parseSlotContent(slot, content));
    case 'generator':
      return checkGenerator(parseSlotContent(slot, content), services);
    case 'scorer':
      return checkScorer(parseSlotContent(slot, content));
    case 'prompt':
      parsePromptTemplate(parseSlotContent(slot, content).template);
      return;
  }
}

/** @throws PawlError `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS` */
function checkStrategy(content: SlotContent<'strategy'>): void {
  const { name, version, params } = content;
  const strategy = strategyNamed(name);
  if (digestOf(strategyRef(strategy, params)) === digestOf(content)) return;
  const message =
    strategy.version === version
      ? `The parameters of ${name} are not complete: those that are left out must be written down.`
      : `This build has version ${strategy.version} of ${name}, not ${version}.`;
  throw new PawlError('STRATEGY_PARAMS', message);
}

/** @throws PawlError `GENERATOR_NOT_FOUND`, `GENERATOR_PARAMS`, `GENERATOR_UNSUITABLE` */
async function checkGenerator(
  { spec, ref }: SlotContent<'generator'>,
  services: GateServices,
): Promise<void> {
  const generator = await services.createGenerator(spec);
  await generator.close();
  if (digestOf(generator.ref) === digestOf(ref)) return;
  throw new PawlError(
    'GENERATOR_UNSUITABLE',
    `${spec} is another generator here than the one that was proposed.`,
  );
}

/** @throws PawlError `SCORER_NOT_FOUND` */
function checkScorer({ name, version }: SlotContent<'scorer'>): void {
  const scorer = scorerNamed(name);
  if (scorer.version === version) return;
  throw new PawlError(
    'SCORER_NOT_FOUND',
    `This build has version ${scorer.version} of ${name}, not ${version}.`,
  );
}
