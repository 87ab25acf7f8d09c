import { decideFinal, type FinalResult } from '../../../../gates/checks/decide-final.ts';
import { finalEvidenceOf } from '../../../../gates/checks/evidence.ts';
import { variancePriorOf } from '../../../../gates/checks/held-out-plan.ts';
import { outcomesDigest } from '../../../../gates/checks/item-outcome.ts';
import { configurationDigest } from '../../../../gates/governance/governance.ts';
import { governanceRules } from '../../../../gates/governance/rules.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { invariant, PawlError } from '../../../kernel/pawl-error.ts';
import { newBlob } from '../../../ledger/ledger.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { itemIds, openedBefore, openedInLedger } from '../opened-items.ts';
import { compareSides } from './compare-sides.ts';
import { evaluate } from './evaluate.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf, itemsNamed, suiteOf } from './line-gate.ts';
import { performRuns } from './perform-runs.ts';
import type { SideOutcome } from './read-outcomes.ts';

/**
 * Opens the sealed items, once: is the certified champion better than the baseline, on items from which nothing was ever
 * decided? Interrupted, the same call goes on.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`; `GATE_INVALID` for a gate without sealed items; `GOVERNANCE_REFUSED` when they
 * were opened before, or nothing was certified yet; `INTERRUPTED` after a pause; what runs throw
 */
export async function finalTest(
  line: ImprovementLine,
  services: GateServices,
  signals: RunSignals,
): Promise<FinalResult> {
  const { definition } = gateOf(line);
  if (line.state.sealed === null || line.state.sealed.verdict !== null) await open(line, services);
  const suite = await suiteOf(line, services);
  const variancePrior = await priorOf(line, services, signals);
  const champion = await readSide(line, services, 'challenger', signals);
  const baseline = await readSide(line, services, 'champion', signals);
  const outcomes = compareSides(champion, baseline, definition, suite);
  const input = { kind: 'final' as const, outcomes: [...outcomes], variancePrior };
  const result = decideFinal(definition, input);
  await finish(line, input, result, signals);
  return result;
}

async function open(line: ImprovementLine, { ledger }: GateServices): Promise<void> {
  const { digest: gate, definition } = gateOf(line);
  const { sealed } = definition.evaluation;
  if (sealed === null) {
    throw new PawlError(
      'GATE_INVALID',
      `The gate of the line "${line.name}" has no sealed items: there is nothing to test on at the end.`,
      { context: { line: line.name } },
    );
  }
  const { baseline, certified, digests } = line.state;
  if (digests.baseline === digests.certified && line.state.sealed === null) {
    throw new PawlError(
      'GOVERNANCE_REFUSED',
      `${governanceRules['sealed-once']} Here: the certified champion is the baseline still, and a test of it against itself would use the sealed items up for nothing.`,
      { context: { rule: 'sealed-once', line: line.name } },
    );
  }
  const digest = sealed.items as Digest;
  await refuseOpenedElsewhere(line, ledger, digest);
  const bytes = await ledger.getBlob(digest);
  const { split, count } = sealed;
  await line.append([
    {
      type: 'FinalTestOpened',
      data: {
        ...{ gate, split, items: { digest, bytes: bytes.length }, count, alpha: definition.sealed.alpha },
        ...{ baseline: digests.baseline, champion: digests.certified },
        ...{ baselineSlots: baseline, championSlots: certified },
      },
    },
  ]);
}

/** Another line that opened the same items has told what is in them. */
async function refuseOpenedElsewhere(
  { stream, state }: ImprovementLine,
  ledger: GateServices['ledger'],
  items: Digest,
): Promise<void> {
  const ids = await itemIds(ledger, items);
  invariant(ids !== null && state.opened !== null, 'the gate names a list that is there');
  const opening = { line: stream, suite: state.opened.suite, what: 'sealed', ids } as const;
  const others = (await openedInLedger(ledger)).filter(({ line }) => line !== stream);
  const first = openedBefore(others, opening);
  if (first === null) return;
  throw new PawlError(
    'GOVERNANCE_REFUSED',
    `${governanceRules['sealed-once']} Here: ${first.line} opened some of these items before.`,
    { context: { rule: 'sealed-once', line: stream } },
  );
}

/** From dev, like that of any bet; an exact test needs none. */
async function priorOf(
  line: ImprovementLine,
  services: GateServices,
  signals: RunSignals,
): Promise<number | null> {
  const { definition } = gateOf(line);
  if (definition.test !== 'deadline-bet' && definition.cluster === null) return null;
  const { final } = line.evaluations;
  invariant(final !== null, 'the sealed items are open');
  const sides = [];
  for (const slots of [final.challenger, final.champion]) {
    const request = { purpose: 'dev', slots, proposal: null } as const;
    sides.push((await evaluate(line, services, request, signals)).outcomes);
  }
  const [left = [], right = []] = sides;
  return variancePriorOf(definition, compareSides(left, right, definition, await suiteOf(line, services)));
}

async function readSide(
  line: ImprovementLine,
  services: GateServices,
  side: 'challenger' | 'champion',
  signals: RunSignals,
): Promise<readonly SideOutcome[]> {
  const { digest: gate, definition } = gateOf(line);
  const { state, evaluations } = line;
  const { sealed } = definition.evaluation;
  invariant(sealed !== null && evaluations.final !== null, 'the sealed items are open');
  const slots = evaluations.final[side];
  const configuration = configurationDigest(slots);
  const { split, count } = sealed;
  const items = await itemsNamed(services, sealed.items as Digest);
  const { outcomes } = await performRuns(
    line,
    services,
    definition,
    {
      ...{ configuration, slots, split, items },
      isOwn: (known) => known.purpose === 'final' && known.side === side,
      announce: (run, digest) => ({
        type: 'HeldOutUsed',
        data: {
          ...{ epoch: Math.max(1, state.epochs), split, purpose: 'final', proposal: null, gate, side },
          ...{ configuration, slots, run, from: 0, to: count, items: digest },
          ...{ reader: 'gate', disclosed: 'nothing', reason: '' },
        },
      }),
      onProgress: (run, done) =>
        services.onEvaluation({ purpose: 'final', side, proposal: null, run, done, count }),
    },
    signals,
  );
  return outcomes;
}

async function finish(
  line: ImprovementLine,
  input: Parameters<typeof finalEvidenceOf>[0],
  result: FinalResult,
  signals: RunSignals,
): Promise<void> {
  const { digest: gate } = gateOf(line);
  const { sealed } = line.state;
  const outcomes = outcomesDigest(input.outcomes);
  invariant(sealed !== null && outcomes !== null, 'the sealed items were read');
  const { blob, ref } = newBlob(canonicalJson(finalEvidenceOf(input, result)));
  const { verdict, method, level, items, sentence } = result;
  const { baseline, champion } = sealed;
  const data = { gate, baseline, champion, verdict, method, level, items, evidence: ref, outcomes, sentence };
  await line.append([{ type: 'FinalTestFinished', data }], [blob], signals.abort);
}
