import { configurationDigest } from '../../../../gates/governance/governance.ts';
import type { SlotContents } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf, itemsNamed } from './line-gate.ts';
import { type PerformedRuns, performRuns } from './perform-runs.ts';

/** A configuration on items that proposers may see. */
export interface EvaluationRequest {
  readonly purpose: 'optimize' | 'dev';
  readonly slots: SlotContents;
  /** The proposal that it is examined for, also where the configuration is a champion; null outside of examinations. */
  readonly proposal: string | null;
}

export interface Evaluation extends PerformedRuns {
  readonly configuration: Digest;
}

/**
 * Runs a configuration over a split of the registered gate, unless the gate has seen it there before. Interrupted at any point,
 * the same call goes on where it was.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`, `INTERRUPTED` after a pause, `SLOT_EMPTY`, and what runs throw
 */
export async function evaluate(
  line: ImprovementLine,
  services: GateServices,
  request: EvaluationRequest,
  signals: RunSignals,
): Promise<Evaluation> {
  const { digest: gate, definition } = gateOf(line);
  const { purpose, slots, proposal } = request;
  const { split, items: listed, count } = definition.evaluation[purpose];
  const items = await itemsNamed(services, listed as Digest);
  const configuration = configurationDigest(slots);
  const { working, certified } = line.state.digests;
  const side = configuration === working || configuration === certified ? 'champion' : 'challenger';
  const performed = await performRuns(
    line,
    services,
    definition,
    {
      ...{ configuration, slots, split, items },
      isOwn: (known) => known.purpose === purpose && known.proposal === proposal,
      announce: (run, digest) => ({
        type: 'EvaluationRequested',
        data: { purpose, split, proposal, gate, configuration, slots, run, items: digest, count },
      }),
      onProgress: (run, done) =>
        services.onEvaluation({ purpose, side, proposal, run, done, count: items.length }),
    },
    signals,
  );
  return { configuration, ...performed };
}
