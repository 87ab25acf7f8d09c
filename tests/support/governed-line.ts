import { type GateDefinition, gateDigest } from '../../gates/definition/gate-definition.ts';
import { epochAlpha } from '../../gates/governance/epoch-account.ts';
import { rationalText } from '../../gates/policy/math/rational.ts';
import type { SlotKind } from '../../src/events/slots.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { named } from './gate-definition.ts';
import { type Data, proposalId, RecordedLine } from './recorded-line.ts';

/** How a line begins and ends: gate, baseline, held-out items, approvals, rollbacks, the sealed test. */
export class GovernedLine extends RecordedLine {
  open(over: Partial<Data<'ImprovementOpened'>> = {}): this {
    const suite = { suite: named('suite'), suiteName: 'starter', suiteSpec: 'starter' };
    return this.write('ImprovementOpened', { name: 'starter', ...suite, author: 'person:ada', ...over });
  }

  register(definition: GateDefinition, over: Partial<Data<'GateRegistered'>> = {}): this {
    return this.write('GateRegistered', {
      ...{ gate: gateDigest(definition), definition: definition as unknown as JsonObject },
      ...{ replaces: this.state.gate?.digest ?? null, proposal: null, author: 'person:ada' },
      ...over,
    });
  }

  install(slot: SlotKind, content: string, over: Partial<Data<'ChampionInstalled'>> = {}): this {
    const champion = named(content);
    const reason = 'What there is.';
    return this.write('ChampionInstalled', {
      ...{ slot, champion, content: { digest: champion, bytes: 2 }, reason, author: 'person:ada' },
      ...over,
    });
  }

  openHeldOut(over: Partial<Data<'HeldOutOpened'>> = {}): this {
    const { split, items, count } = this.definition.evaluation.heldout;
    const epoch = this.state.epochs + 1;
    return this.write('HeldOutOpened', {
      ...{ epoch, gate: this.gate, split, items: { digest: items, bytes: 2 }, count },
      ...{ alpha: rationalText(epochAlpha(this.definition, epoch)), earlierReads: 0 },
      ...over,
    });
  }

  retire(over: Partial<Data<'HeldOutExhausted'>> = {}): this {
    const epoch = this.state.epochs;
    return this.write('HeldOutExhausted', { epoch, reason: 'replaced', detectable: null, note: '', ...over });
  }

  approve(id: string, by = 'person:bob', over: Partial<Data<'ApprovalGiven'>> = {}): this {
    const challenger = this.proposal(id).challenger ?? named('nothing');
    return this.write('ApprovalGiven', { proposal: proposalId(id), by, challenger, comment: '', ...over });
  }

  refuseApproval(id: string, by = 'person:bob', over: Partial<Data<'ApprovalRefused'>> = {}): this {
    const challenger = this.proposal(id).challenger ?? named('nothing');
    return this.write('ApprovalRefused', {
      proposal: proposalId(id),
      by,
      challenger,
      reason: 'No.',
      ...over,
    });
  }

  /** On the tracks that the decision allows: working where it is kept, certified where it is promoted. */
  promote(id: string): this {
    const { decision } = this.proposal(id);
    if (decision?.keep === true) this.promoteOn(id, 'working');
    return decision?.verdict === 'promote' ? this.promoteOn(id, 'certified') : this;
  }

  promoteOn(
    id: string,
    track: 'working' | 'certified',
    over: Partial<Data<'ChallengerPromoted'>> = {},
  ): this {
    const { challenger, examination } = this.proposal(id);
    return this.write('ChallengerPromoted', {
      ...{ proposal: proposalId(id), track, challenger: challenger ?? named('nothing') },
      ...{ configuration: examination?.configuration ?? named('nothing'), slots: examination?.slots ?? {} },
      ...{ replaces: this.state.digests[track], sentence: 'It is better.', ...over },
    });
  }

  discard(id: string, over: Partial<Data<'ChallengerDiscarded'>> = {}): this {
    const challenger = this.proposal(id).challenger ?? named('nothing');
    return this.write('ChallengerDiscarded', {
      ...{ proposal: proposalId(id), challenger, sentence: 'It is not better.', ...over },
    });
  }

  rollBack(slot: SlotKind, to: string, over: Partial<Data<'ChampionRolledBack'>> = {}): this {
    const from = slot === 'gate' ? this.gate : (this.state.certified[slot] ?? named('nothing'));
    return this.write('ChampionRolledBack', {
      ...{ slot, from, to: named(to), reason: 'It misbehaves.', by: 'person:ada', ...over },
    });
  }

  openSealed(over: Partial<Data<'FinalTestOpened'>> = {}): this {
    const { sealed } = this.definition.evaluation;
    const { baseline, certified, digests } = this.state;
    return this.write('FinalTestOpened', {
      ...{ gate: this.gate, split: sealed?.split ?? 'sealed', count: sealed?.count ?? 1 },
      ...{
        items: { digest: sealed?.items ?? named('nothing'), bytes: 2 },
        alpha: this.definition.sealed.alpha,
      },
      ...{ baseline: digests.baseline, champion: digests.certified },
      ...{ baselineSlots: baseline, championSlots: certified, ...over },
    });
  }

  readSealed(side: 'challenger' | 'champion', over: Partial<Data<'HeldOutUsed'>> = {}): this {
    const { sealed } = this.definition.evaluation;
    const { baseline, certified, digests } = this.state;
    const isChampion = side === 'challenger';
    return this.write('HeldOutUsed', {
      ...{ epoch: Math.max(1, this.state.epochs), split: sealed?.split ?? 'sealed', purpose: 'final', side },
      ...{
        proposal: null,
        gate: this.gate,
        configuration: isChampion ? digests.certified : digests.baseline,
      },
      ...{ slots: isChampion ? certified : baseline, run: `run-sealed-${side}` as StreamName, from: 0 },
      ...{
        to: sealed?.count ?? 1,
        items: named('sealed ids'),
        reader: 'gate',
        disclosed: 'nothing',
        reason: '',
      },
      ...over,
    });
  }

  finishSealed(over: Partial<Data<'FinalTestFinished'>> = {}): this {
    const { baseline, certified } = this.state.digests;
    return this.write('FinalTestFinished', {
      ...{ gate: this.gate, baseline, champion: this.state.sealed?.champion ?? certified, verdict: 'better' },
      ...{ method: 'mcnemar-exact', level: this.definition.sealed.alpha, items: 10 },
      ...{ evidence: { digest: named('evidence'), bytes: 2 }, outcomes: named('outcomes') },
      ...{ sentence: 'It is better.', ...over },
    });
  }
}
