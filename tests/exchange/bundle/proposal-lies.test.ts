import { describe, expect, it } from 'vitest';
import { outcomesOf } from '../../../gates/checks/check-input.ts';
import { decideCheck } from '../../../gates/checks/decide-check.ts';
import { evidenceOf, evidenceSchema } from '../../../gates/checks/evidence.ts';
import { outcomesDigest } from '../../../gates/checks/item-outcome.ts';
import type { PawlEvent } from '../../../src/events/catalogue.ts';
import { makeBundle } from '../../../src/exchange/bundle/make-bundle.ts';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { newBlob } from '../../../src/ledger/ledger.ts';
import { signNow } from '../../ledger/audit/signed-ledger.ts';
import { copyLedger } from '../../support/copy-ledger.ts';
import { toyTask } from '../../support/toy-language.ts';
import { startToyRun } from '../../support/toy-run.ts';
import { proposalBundle, sealedProposals } from './sealed-proposal.ts';
import { pinned, verdictsOf, verifyMade } from './sealed-run.ts';

const sealed = await sealedProposals();
const { stream } = sealed.line;

/** The owner of the key writes the line anew, and signs it: no proof can speak against it, but the history can. */
async function verifiedWith(lie: (events: readonly PawlEvent[]) => readonly PawlEvent[]) {
  const ledger = await copyLedger(sealed.ledger.store, { stream, events: lie });
  // The checkpoint of the true history is in the copy; the new one is over more records.
  await startToyRun(ledger, { strategy: 'best-of-n', tasks: [toyTask('a', 3)] });
  await signNow(ledger);
  const scope = { improvement: stream, proposal: sealed.promoted };
  const { bundle } = await makeBundle(ledger, scope, { redact: [], pawl: '0.0.0' });
  return verifyMade(bundle, pinned);
}

type Check = Extract<PawlEvent, { type: 'CheckFinished' }>;

const isMine = (event: PawlEvent, kind: string): event is Check =>
  event.type === 'CheckFinished' && event.data.proposal === sealed.promoted && event.data.kind === kind;

/** A check decided from an outcome that never happened, with everything else to fit. */
async function misreported(events: readonly PawlEvent[]): Promise<Check> {
  const check = events.find((event) => isMine(event, 'dev'));
  const { examination } = sealed.line.state.proposals[sealed.promoted] ?? {};
  const step = examination?.chain.find(({ kind }) => kind === 'dev');
  const { gate } = sealed.line.state;
  if (check?.type !== 'CheckFinished' || step === undefined || gate === null) throw new Error('no dev check');
  const evidence = evidenceSchema.parse(JSON.parse(await sealed.ledger.getText(check.data.evidence.digest)));
  const { input } = evidence;
  if (input.kind !== 'dev') throw new Error('the evidence is of something else');
  const at = input.outcomes.findIndex(({ champion }) => champion === 1);
  const outcomes = input.outcomes.map((each, index) => (index === at ? { ...each, champion: 0 } : each));
  const told = { ...input, outcomes };
  const result = decideCheck(step, gate.definition, told);
  const { blob, ref } = newBlob(canonicalJson(evidenceOf(step, told, result)));
  await sealed.ledger.putBlobs([blob]);
  const { verdict, method, level, statistic, itemsUsed: items, sentence } = result;
  const digest = outcomesDigest(outcomesOf(told));
  const decided = { verdict, method, level, statistic, items, sentence };
  return { type: 'CheckFinished', data: { ...check.data, ...decided, evidence: ref, outcomes: digest } };
}

describe('a bundle of a proposal by an owner who lies', () => {
  it('verifies where nothing is changed', async () => {
    expect(await verifiedWith((events) => events)).toMatchObject({ outcome: 'ok' });
  });

  it('does not re-decide where the decision is another than the checks come to', async () => {
    const verdict = await verifiedWith((events) =>
      events.map((event) =>
        event.type === 'GateDecided' && event.data.proposal === sealed.promoted
          ? { ...event, data: { ...event.data, verdict: 'discard' as const } }
          : event,
      ),
    );
    expect(verdictsOf(verdict)).toMatchObject({ altered: 'yes', decided: 'no' });
    expect(verdict.reDecided.because).toContain('GateDecided breaks the rule decision-follows');
  });

  it('does not re-decide where a check says more than its evidence', async () => {
    const verdict = await verifiedWith((events) =>
      events.map((event) =>
        isMine(event, 'dev') ? { ...event, data: { ...event.data, statistic: '1/4096' } } : event,
      ),
    );
    expect(verdictsOf(verdict)).toMatchObject({ altered: 'yes', decided: 'no' });
    expect(verdict.reDecided.because).toContain('the statistic of the check "dev" comes out otherwise');
    expect(verdict.outcome).toBe('diverged');
  });

  it('does not re-decide where the evidence is of outcomes that never happened', async () => {
    const events = await Array.fromAsync(sealed.ledger.readStream(stream));
    const lie = await misreported(events as readonly PawlEvent[]);
    const verdict = await verifiedWith((all) => all.map((event) => (isMine(event, 'dev') ? lie : event)));
    expect(verdictsOf(verdict)).toEqual({
      ...{ altered: 'yes', missing: 'yes', signed: 'yes', decided: 'no', readable: 'yes' },
    });
    expect(verdict.reDecided.because).toMatch(
      /decided from an outcome of the champion on "dev-\d+" that did not happen: the evidence says 0, its run 1/,
    );
  });

  it('says that the end is missing where the promotion is', async () => {
    const verdict = await verifiedWith((events) =>
      events.filter(
        (event) => event.type !== 'ChallengerPromoted' || event.data.proposal !== sealed.promoted,
      ),
    );
    expect(verdictsOf(verdict)).toMatchObject({ missing: 'unknown', decided: 'yes' });
    expect(verdict.nothingMissing.because).toContain('What followed from the decision');
  });
});

describe('a bundle of a proposal with texts withheld', () => {
  it('cannot be decided again without its evidence, and says so', async () => {
    const verdict = await verifyMade(await proposalBundle(sealed, sealed.promoted, ['evidence']), pinned);
    expect(verdictsOf(verdict)).toEqual({
      ...{ altered: 'yes', missing: 'yes', signed: 'yes', decided: 'unknown', readable: 'yes' },
    });
    expect(verdict.reDecided.because).toContain('evidence of the check "static"');
  });

  it('leaves the evidence of other proposals with them', async () => {
    const bundle = await proposalBundle(sealed, sealed.kept);
    const evidence = new Map<string, string>();
    for await (const { type, data } of sealed.ledger.readStream(stream))
      if (type === 'CheckFinished') evidence.set(data.evidence.digest, data.proposal);
    for (const [digest, proposal] of evidence) {
      const standing = bundle.blobs.get(digest as never)?.standing;
      expect(standing, `${digest} of ${proposal}`).toBe(proposal === sealed.kept ? 'stored' : 'outside');
    }
  });
});
