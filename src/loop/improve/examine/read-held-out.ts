import { heldOutChunks, isHeldOutSettled } from '../../../../gates/checks/held-out-plan.ts';
import type { ItemOutcome } from '../../../../gates/checks/item-outcome.ts';
import { configurationDigest } from '../../../../gates/governance/governance.ts';
import type { SlotContents } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { invariant } from '../../../kernel/pawl-error.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { compareSides } from './compare-sides.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf, itemsNamed, suiteOf } from './line-gate.ts';
import { performRuns } from './perform-runs.ts';
import type { SideOutcome } from './read-outcomes.ts';

/** A held-out test as far as it is known before an item is read. */
export interface HeldOutPlan {
  readonly proposal: string;
  readonly challenger: SlotContents;
  readonly champion: SlotContents;
  readonly level: string;
  readonly variancePrior: number | null;
}

/**
 * Reads held-out items, chunk by chunk in their fixed order and only as far as the test needs them. Every read is an event
 * before it happens, also where the outcome of an earlier run is read again.
 *
 * @throws PawlError `INTERRUPTED` after a pause, and what runs throw
 */
export async function readHeldOut(
  line: ImprovementLine,
  services: GateServices,
  plan: HeldOutPlan,
  signals: RunSignals,
): Promise<readonly ItemOutcome[]> {
  const { definition } = gateOf(line);
  const suite = await suiteOf(line, services);
  const items = await itemsNamed(services, definition.evaluation.heldout.items as Digest);
  const { level, variancePrior } = plan;
  let outcomes: readonly ItemOutcome[] = [];
  let from = 0;
  for (const to of heldOutChunks(definition)) {
    const chunk = { items: items.slice(from, to), from, to };
    const challenger = await readSide(line, services, { ...plan, ...chunk, side: 'challenger' }, signals);
    const champion = await readSide(line, services, { ...plan, ...chunk, side: 'champion' }, signals);
    outcomes = [...outcomes, ...compareSides(challenger, champion, definition, suite)];
    if (isHeldOutSettled(definition, { outcomes: [...outcomes], level, variancePrior })) break;
    from = to;
  }
  return outcomes;
}

interface Read extends HeldOutPlan {
  readonly side: 'challenger' | 'champion';
  readonly items: readonly string[];
  readonly from: number;
  readonly to: number;
}

async function readSide(
  line: ImprovementLine,
  services: GateServices,
  { proposal, side, items, from, to, ...plan }: Read,
  signals: RunSignals,
): Promise<readonly SideOutcome[]> {
  const { digest: gate, definition } = gateOf(line);
  const { epoch } = line.state;
  invariant(epoch !== null, 'held-out items are read in an epoch');
  const slots = plan[side];
  const configuration = configurationDigest(slots);
  const { split, count } = definition.evaluation.heldout;
  const { outcomes } = await performRuns(
    line,
    services,
    definition,
    {
      ...{ configuration, slots, split, items },
      isOwn: (known) => known.purpose === 'heldout' && known.proposal === proposal && known.side === side,
      announce: (run, digest) => ({
        type: 'HeldOutUsed',
        data: {
          ...{ epoch: epoch.number, split, purpose: 'heldout', proposal, gate, side },
          ...{ configuration, slots, run, from, to, items: digest },
          ...{ reader: 'gate', disclosed: 'nothing', reason: '' },
        },
      }),
      // How far it has come would tell when the test stopped, which is more than the symbol.
      onProgress: (run, done) => {
        if (from > 0 || done > 0) return;
        services.onEvaluation({ purpose: 'heldout', side, proposal, run, done, count });
      },
    },
    signals,
  );
  return outcomes;
}
