import { evolveGovernance } from '../../gates/governance/evolve-governance.ts';
import { initialGovernance } from '../../gates/governance/governance.ts';
import { championProjection } from '../../projections/champion.ts';
import { gateHistoryProjection } from '../../projections/gate-history.ts';
import { heldOutUseProjection } from '../../projections/held-out-use.ts';
import { fold, type Projection } from '../../projections/projection.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { gateDefinition } from '../support/gate-definition.ts';
import { ImprovementHistory } from '../support/improvement-history.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './ledger-fixture.ts';

const proposals = 100_000;
const rounds = 5;
const msTarget = 1000;
/** Every so manyth proposal comes to the held-out test, and of those every so manyth is promoted. */
const [testedEvery, promotedEvery] = [100, 10];
/** Held-out tests per epoch. */
const epochTests = 10;

/**
 * All rules over the longest line that we plan for: 100,000 proposals, most of them ended by the dev screen, some by the held-out
 * test, held-out items renewed again and again by approved changes of the gate.
 */
export async function benchGatesFold(): Promise<BenchRow[]> {
  const events = longLine();
  const governed = medianCpuMs(() => {
    const state = initialGovernance();
    for (const event of events) evolveGovernance(state, event);
    if (state.refused.length > 0 || state.proposalCount < proposals)
      throw new Error('the line is not in order');
  });
  const projected = medianCpuMs(() => {
    for (const projection of [championProjection, heldOutUseProjection, gateHistoryProjection])
      fold<unknown>(projection as Projection<unknown>, events);
  });
  const value = governed + projected;
  const detail = `${proposals} proposals, ${events.length} events, every ${testedEvery}th tested on held-out items; governance with all its rules ${governed.toFixed(0)} ms, champions, held-out use and gate history ${projected.toFixed(0)} ms; median processor time of ${rounds} rounds`;
  const row = { name: 'fold of the gate projections over 100,000 proposals', value, unit: 'ms' };
  return [{ ...row, target: `≤ ${msTarget}`, met: value <= msTarget, detail }];
}

/** Processor time: a fold waits for nothing, and a busy machine must not count. The first round warms the compiler. */
function medianCpuMs(work: () => void): number {
  const times: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const began = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(began);
    if (round >= 0) times.push((user + system) / 1000);
  }
  return median(times);
}

function longLine(): readonly AnyRecordedEvent[] {
  const line = new ImprovementHistory().begin(gateDefinition());
  let tests = 0;
  for (let index = 0; index < proposals; index += 1) {
    const name = `p${index}`;
    const isTested = index % testedEvery === 0;
    const isPromoted = isTested && tests % promotedEvery === 0;
    line.request(name).propose(name).openGate(name).evaluate(name);
    const verdicts = isTested
      ? ({ heldout: isPromoted ? 'pass' : 'block' } as const)
      : ({ dev: 'block' } as const);
    line.finishExamination(name, verdicts);
    if (isPromoted) line.promote(name);
    else line.discard(name);
    if (!isTested) continue;
    tests += 1;
    if (tests % epochTests === 0) renew(line, tests / epochTests);
  }
  return line.events;
}

/** Other held-out items are another gate. */
function renew(line: ImprovementHistory, epoch: number): void {
  const definition = gateDefinition({ tag: `-${epoch}` });
  const name = `gate-${epoch}`;
  line.proposeGate(name, definition).examine(name).approve(name);
  line.register(definition, { proposal: line.proposal(name).id }).openHeldOut();
}
