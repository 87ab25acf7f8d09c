import { evidenceSchema, finalEvidenceSchema } from '../../../gates/checks/evidence.ts';
import type { ItemOutcome } from '../../../gates/checks/item-outcome.ts';
import type { GateDefinition } from '../../../gates/definition/gate-definition.ts';
import { parseGateDefinition } from '../../../gates/definition/gate-definition.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import { digestOf } from '../../kernel/digest.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { KnownRun } from './examine/line-evaluations.ts';
import { evolveLineEvaluations, initialLineEvaluations } from './examine/line-evaluations.ts';
import { readOutcomes, type SideOutcome } from './examine/read-outcomes.ts';

/** An item whose recorded outcome is not what the runs of the ledger came to. */
export interface OutcomeDifference {
  readonly position: number;
  readonly check: string;
  readonly item: string;
  readonly side: 'challenger' | 'champion';
  readonly why: string;
}

/** Which runs the two sides of a check were taken from. */
interface Sides {
  /** Whose examination announced them; null for the sealed test. */
  readonly proposal: string | null;
  readonly purpose: KnownRun['purpose'];
  readonly gate: Digest;
  readonly challenger: Digest;
  readonly champion: Digest;
}

/**
 * Holds the item outcomes that checks decided from against the runs they say they are of: right arithmetic on outcomes that never
 * happened is found here. Evidence that is erased or missing is passed over; whoever decides again says so.
 *
 * @param events of one line, without those that a rule refused
 */
export async function evidenceFromRuns(
  ledger: Ledger,
  events: readonly AnyRecordedEvent[],
): Promise<readonly OutcomeDifference[]> {
  const known = initialLineEvaluations();
  const examined = new Map<string, Extract<AnyRecordedEvent, { type: 'GateOpened' }>['data']>();
  const outcomes = new RunOutcomes(ledger, known.runs);
  const differences: OutcomeDifference[] = [];
  let definition: GateDefinition | null = null;
  for (const event of events) {
    evolveLineEvaluations(known, event);
    if (event.type === 'GateRegistered') definition = parseGateDefinition(event.data.definition);
    if (event.type === 'GateOpened') examined.set(event.data.proposal, event.data);
    if (definition === null) continue;
    const { position } = event;
    if (event.type === 'CheckFinished') {
      const opened = examined.get(event.data.proposal);
      const recorded = await evidenceOutcomes(ledger, event.data.evidence.digest, 'check');
      if (opened === undefined || recorded === null) continue;
      const { gate, configuration: challenger, working, certified } = opened;
      const isSealed = event.data.sealed;
      const champion = isSealed || event.data.kind === 'trigger' ? certified : working;
      const purpose = isSealed ? 'heldout' : 'dev';
      const sides: Sides = { proposal: event.data.proposal, purpose, gate, challenger, champion };
      const found = await outcomes.compare(sides, recorded, definition);
      differences.push(...found.map((each) => ({ ...each, position, check: event.data.check })));
    } else if (event.type === 'FinalTestFinished') {
      const recorded = await evidenceOutcomes(ledger, event.data.evidence.digest, 'final');
      if (recorded === null) continue;
      const { gate, champion: challenger, baseline: champion } = event.data;
      const found = await outcomes.compare(
        { proposal: null, purpose: 'final', gate, challenger, champion },
        recorded,
        definition,
      );
      differences.push(...found.map((each) => ({ ...each, position, check: 'sealed' })));
    }
  }
  return differences;
}

type Found = Pick<OutcomeDifference, 'item' | 'side' | 'why'>;

class RunOutcomes {
  readonly #ledger: Ledger;
  readonly #runs: readonly KnownRun[];
  readonly #read = new Map<string, readonly SideOutcome[]>();

  constructor(ledger: Ledger, runs: readonly KnownRun[]) {
    this.#ledger = ledger;
    this.#runs = runs;
  }

  async compare(
    sides: Sides,
    recorded: readonly ItemOutcome[],
    definition: GateDefinition,
  ): Promise<readonly Found[]> {
    const ours = await this.#of(sides, sides.challenger, definition);
    const theirs = await this.#of(sides, sides.champion, definition);
    return recorded.flatMap((outcome): Found[] => [
      ...differs(outcome.item, 'challenger', outcome.challenger, outcome.challengerUse, ours),
      ...differs(outcome.item, 'champion', outcome.champion, outcome.championUse, theirs),
    ]);
  }

  /** Every item that a configuration was executed on for an examination; runs on the same items are repeats of each other. */
  async #of(
    { proposal, purpose, gate }: Sides,
    configuration: Digest,
    { metric, repeats }: GateDefinition,
  ): Promise<ReadonlyMap<string, SideOutcome>> {
    const mine = this.#runs.filter(
      (run) =>
        run.purpose === purpose &&
        run.proposal === proposal &&
        run.gate === gate &&
        run.configuration === configuration,
    );
    const found = new Map<string, SideOutcome>();
    for (const runs of Map.groupBy(mine, ({ items }) => items).values()) {
      // Begun again, for example with other interpreters, the later ones are those that counted.
      const names = [...new Set(runs.map(({ run }) => run))].slice(
        metric === 'graded-repeats' ? -repeats : -1,
      );
      for (const outcome of await this.#outcomes(names, metric)) found.set(outcome.item, outcome);
    }
    return found;
  }

  async #outcomes(
    runs: readonly StreamName[],
    metric: GateDefinition['metric'],
  ): Promise<readonly SideOutcome[]> {
    const key = `${metric} ${runs.join(' ')}`;
    const before = this.#read.get(key);
    if (before !== undefined) return before;
    const outcomes = await readOutcomes(this.#ledger, runs, metric);
    this.#read.set(key, outcomes);
    return outcomes;
  }
}

function differs(
  item: string,
  side: Found['side'],
  score: number | null,
  use: ItemOutcome['championUse'],
  runs: ReadonlyMap<string, SideOutcome>,
): readonly Found[] {
  const ran = runs.get(item);
  if (ran === undefined) return [{ item, side, why: 'no run of it is in the ledger' }];
  if (ran.score !== score) return [{ item, side, why: `the evidence says ${score}, its run ${ran.score}` }];
  return use !== null && digestOf(use) !== digestOf(ran.use)
    ? [{ item, side, why: 'the evidence says that it used something else than its run did' }]
    : [];
}

async function evidenceOutcomes(
  ledger: Ledger,
  digest: Digest,
  kind: 'check' | 'final',
): Promise<readonly ItemOutcome[] | null> {
  if ((await ledger.store.blobStanding(digest)).kind !== 'stored') return null;
  const value: unknown = JSON.parse(await ledger.getText(digest));
  const parsed = (kind === 'final' ? finalEvidenceSchema : evidenceSchema).safeParse(value);
  const input = parsed.data?.input;
  return input !== undefined && 'outcomes' in input ? input.outcomes : null;
}
