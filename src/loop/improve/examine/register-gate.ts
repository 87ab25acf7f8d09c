import { type GateDefinition, parseGateDefinition } from '../../../../gates/definition/gate-definition.ts';
import { epochAlpha } from '../../../../gates/governance/epoch-account.ts';
import type { Proposal } from '../../../../gates/governance/governance.ts';
import { keepsEpoch } from '../../../../gates/governance/keeps-epoch.ts';
import { rationalText } from '../../../../gates/policy/math/rational.ts';
import type { PawlEvent } from '../../../events/catalogue.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { invariant } from '../../../kernel/pawl-error.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { suiteStream } from '../../stream-names.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { refuseQueued } from '../refuse-queued.ts';
import { runsOfSuite } from '../runs-of-suite.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf } from './line-gate.ts';

/** Puts a gate that was proposed, decided and approved into effect, and opens its held-out items where they are new. */
export async function registerGate(
  line: ImprovementLine,
  { ledger }: GateServices,
  { id, challenger, author }: Proposal,
): Promise<void> {
  invariant(challenger !== null && author !== null, 'it was proposed');
  const { digest: replaces, definition: before } = gateOf(line);
  const definition = parseGateDefinition(JSON.parse(await ledger.getText(challenger)));
  const { epoch, epochs } = line.state;
  const events: PawlEvent[] = [];
  const goesOn = epoch !== null && epoch.exhausted === null && keepsEpoch(before, definition);
  events.push({
    type: 'GateRegistered',
    data: {
      gate: challenger,
      definition: definition as unknown as JsonObject,
      replaces,
      proposal: id,
      author,
    },
  });
  if (!goesOn) events.push(await heldOutOpened(ledger, challenger, definition, epochs + 1));
  await line.append(events);
}

/**
 * The held-out items of a gate, whose list is in the ledger.
 *
 * @throws PawlError `HELD_OUT_PROTECTED` when a queued run would execute something on one of them
 */
export async function heldOutOpened(
  ledger: Ledger,
  gate: Digest,
  definition: GateDefinition,
  epoch: number,
): Promise<PawlEvent> {
  const { split, items: listed, count } = definition.evaluation.heldout;
  const digest = listed as Digest;
  const bytes = await ledger.getBlob(digest);
  const items = JSON.parse(Buffer.from(bytes).toString('utf8')) as readonly string[];
  const suite = definition.evaluation.suite as Digest;
  const held = new Set(items);
  await refuseQueued(ledger, suite, held);
  return {
    type: 'HeldOutOpened',
    data: {
      epoch,
      gate,
      split,
      items: { digest, bytes: bytes.length },
      count,
      alpha: rationalText(epochAlpha(definition, epoch)),
      earlierReads: await earlierReads(ledger, suite, held),
    },
  };
}

/** Runs of a suite that had read some of these items before; what they told cannot be taken back. */
async function earlierReads(ledger: Ledger, suite: Digest, items: ReadonlySet<string>): Promise<number> {
  if ((await ledger.lastRevision(suiteStream(suite))) === -1) return 0;
  let reads = 0;
  for await (const { tasks } of runsOfSuite(ledger, suite))
    if (tasks.some((task) => items.has(task))) reads += 1;
  return reads;
}
