import { describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../../src/events/record.ts';
import { newBlob } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { createProposer } from '../../../src/loop/improve/proposers/registry.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { copyLedger } from '../../support/copy-ledger.ts';
import { sit, ToyProposer } from '../../support/toy-improvement.ts';
import { openToyLine, toyGate } from '../../support/toy-line.ts';

/** A line that the tuner worked on, and a proposer that nobody can ask again. */
async function tuned() {
  const store = openMemoryStore();
  const services = toyGate(store, 'one');
  const line = await openToyLine(services);
  const tuner = await createProposer('tuner:strategy', { secondsMax: 60, tokensMax: null });
  const toy = new ToyProposer(['skill:0', 'skill:optimize=0.5,dev=1,heldout=1']);
  await sit(line, services, { proposers: [tuner, toy], proposals: 4 });
  return { store, services, line };
}

const options = { rederive: null };

/** What replay says of the line after one of its events was forged, with all digests in order. */
async function forged<Type extends AnyRecordedEvent['type']>(
  type: Type,
  change: (data: Extract<AnyRecordedEvent, { type: Type }>['data']) => object,
  text?: string,
) {
  const { store, line } = await tuned();
  const copy = await copyLedger(store, {
    stream: line.stream,
    events: (events) => {
      let done = false;
      return events.map((event) => {
        const isAnothers = event.type === 'ChangeProposed' && event.data.author !== 'tuner';
        if (done || event.type !== type || isAnothers) return event;
        done = true;
        const data = { ...event.data, ...change(event.data as never) };
        return { ...event, data } as typeof event & PawlEvent;
      });
    },
  });
  if (text !== undefined) await copy.putBlobs([newBlob(text).blob]);
  const { failures, verdict } = await replayLedger(copy, [line.stream], options);
  const [failure] = failures;
  if (failure?.verdict !== 'diverged') return verdict;
  const { divergence } = failure;
  return `${divergence.recorded?.type}: ${divergence.reason} [${divergence.members.map(({ member }) => member)}]`;
}

describe('replay of a line of improvement', () => {
  it('asks the tuner again, sorts failures again, decides checks again, and comes to the same', async () => {
    const { services, line } = await tuned();
    const replay = await replayLedger(services.ledger, [line.stream], options);
    expect(replay).toMatchObject({ verdict: 'pass', streams: 1, failures: [] });
    expect(replay.compared).toBeGreaterThan(15);
    const all = await Array.fromAsync(services.ledger.streams(''));
    const whole = await replayLedger(services.ledger, all, options);
    // The split of the toy suite was drawn by no plan of the build.
    expect(whole.failures.map(({ stream }) => stream.split('-')[0])).toEqual(['suite']);
    expect(whole.diverged).toBe(0);
  });

  it('finds a proposal that the tuner did not make', async () => {
    expect(await forged('ChangeProposed', () => ({ predictedGain: 0.5 }))).toBe(
      'ChangeProposed: ChangeProposed was asked for with other data than was recorded [predictedGain]',
    );
  });

  it('finds a request that does not follow, and a view that shows something else', async () => {
    expect(await forged('ProposalRequested', () => ({ targetFailure: 'syntax' }))).toBe(
      'ProposalRequested: ProposalRequested was asked for with other data than was recorded [targetFailure]',
    );
    const shown = newBlob('{"past":[]}');
    expect(await forged('ProposalRequested', () => ({ view: shown.ref }), '{"past":[]}')).toBe(
      'ProposalRequested: ProposalRequested was asked for with other data than was recorded [view.digest,view.bytes]',
    );
  });

  it('finds failures that were counted otherwise', async () => {
    expect(await forged('FailuresClassified', ({ failed }) => ({ failed: failed - 1 }))).toBe(
      'FailuresClassified: FailuresClassified was asked for with other data than was recorded [failed]',
    );
  });

  it('finds a check that says more than its evidence', async () => {
    expect(await forged('CheckFinished', () => ({ sentence: 'It is splendid.' }))).toBe(
      'CheckFinished: CheckFinished was asked for with other data than was recorded [sentence]',
    );
  });

  it('finds a decision that does not follow from the checks, by the rule that it breaks', async () => {
    expect(await forged('GateDecided', () => ({ verdict: 'promote', keep: true }))).toContain(
      'GateDecided: The verdict is what the checks come to',
    );
  });

  it('finds totals that do not add up', async () => {
    expect(await forged('ImprovementFinished', () => ({ promoted: 9 }))).toBe(
      'ImprovementFinished: ImprovementFinished was asked for with other data than was recorded [promoted]',
    );
  });

  it('is inconclusive about a taxonomy and a proposer that this build does not have', async () => {
    const other = { name: 'own#123', version: 1 };
    expect(await forged('FailuresClassified', () => ({ taxonomy: other }))).toBe('inconclusive');
  });
});
