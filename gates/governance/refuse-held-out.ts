import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { compare, parseRational } from '../policy/math/rational.ts';
import { broken, type RuleBroken } from './broken.ts';
import { epochAlpha } from './epoch-account.ts';
import { configurationDigest, type Governance } from './governance.ts';

type HeldOutUsed = Extract<AnyRecordedEvent, { type: 'HeldOutUsed' }>['data'];
type FinalTestOpened = Extract<AnyRecordedEvent, { type: 'FinalTestOpened' }>['data'];

/** Rules about held-out and sealed items. */
export function refuseHeldOut(state: Governance, event: AnyRecordedEvent): RuleBroken | null {
  switch (event.type) {
    case 'HeldOutOpened': {
      const { epoch, gate, items, count, alpha, split } = event.data;
      if (state.gate?.digest !== gate) return notCurrent();
      const { definition } = state.gate;
      if (state.judging !== null) return broken('one-examination', 'a challenger is under examination');
      if (state.epoch !== null && state.epoch.exhausted === null) {
        return broken('epoch-order', `epoch ${state.epoch.number} is still open`);
      }
      if (epoch !== state.epochs + 1) return broken('epoch-order', `the next epoch is ${state.epochs + 1}`);
      if (state.openedItems.includes(items.digest))
        return broken('items-once', 'these items were opened before');
      const named = definition.evaluation.heldout;
      if (named.items !== items.digest || named.count !== count || named.split !== split) {
        return broken('gate-current', 'these are not the held-out items of the gate');
      }
      return compare(parseRational(alpha), epochAlpha(definition, epoch)) === 0
        ? null
        : broken('epoch-order', `alpha is not what the gate grants epoch ${epoch}`);
    }
    case 'HeldOutUsed':
      return event.data.purpose === 'heldout'
        ? refuseRead(state, event.data)
        : refuseSealedRead(state, event.data);
    case 'HeldOutExhausted':
      return state.epoch?.number === event.data.epoch &&
        state.epoch.exhausted === null &&
        state.judging === null
        ? null
        : broken('epoch-order', 'only the open epoch can be retired, between examinations');
    case 'FinalTestOpened':
      return refuseSealedOpening(state, event.data);
    case 'FinalTestFinished': {
      const { sealed } = state;
      const matches = sealed?.baseline === event.data.baseline && sealed.champion === event.data.champion;
      if (!matches || sealed.verdict !== null)
        return broken('sealed-once', 'no sealed test of these two is open');
      if (state.gate?.digest !== event.data.gate) return notCurrent();
      return isSame(event.data.level, state.gate.definition.sealed.alpha)
        ? null
        : broken('gate-current', 'the sealed test is not at the level of the gate');
    }
    default:
      return null;
  }
}

function refuseRead(state: Governance, read: HeldOutUsed): RuleBroken | null {
  const { epoch } = state;
  if (epoch === null || epoch.number !== read.epoch || epoch.exhausted !== null) {
    return broken('epoch-usable', `epoch ${read.epoch} is not open`);
  }
  // Somebody looks at results: that is recorded whenever it happens, and ends the epoch.
  if (read.reader === 'person' || read.disclosed === 'everything') return null;
  if (epoch.disclosed)
    return broken('epoch-usable', 'somebody other than the gate has seen results on these items');
  if (state.gate?.digest !== read.gate) return notCurrent();
  const examination = read.proposal === null ? null : (state.proposals[read.proposal]?.examination ?? null);
  if (read.proposal === null || state.judging !== read.proposal || examination === null) {
    return broken('held-out-inside-gate', 'its proposal is not under examination');
  }
  const wanted = read.side === 'challenger' ? examination.configuration : examination.certified;
  if (read.configuration !== wanted || configurationDigest(read.slots) !== wanted) {
    return broken('held-out-inside-gate', `the ${read.side} under examination is another configuration`);
  }
  const next = examination.chain[examination.checks.length];
  if (next?.sealed !== true)
    return broken('held-out-inside-gate', 'the chain has not come to the held-out test');
  return read.from < read.to && read.to <= epoch.count
    ? null
    : broken('held-out-inside-gate', 'it reads items that the held-out set does not have');
}

function refuseSealedOpening(state: Governance, opened: FinalTestOpened): RuleBroken | null {
  if (state.gate?.digest !== opened.gate) return notCurrent();
  if (state.judging !== null) return broken('one-examination', 'a challenger is under examination');
  if (state.openedItems.includes(opened.items.digest))
    return broken('items-once', 'the sealed set was opened before');
  const { sealed } = state.gate.definition.evaluation;
  if (sealed?.items !== opened.items.digest || sealed.count !== opened.count) {
    return broken('gate-current', 'these are not the sealed items of the gate');
  }
  if (state.sealedSeen.includes(sealed.items))
    return broken('sealed-once', 'somebody other than the gate has seen results on these items');
  if (sealed.split !== opened.split || !isSame(opened.alpha, state.gate.definition.sealed.alpha)) {
    return broken('gate-current', 'the sealed test is not at the level of the gate');
  }
  const isRight =
    opened.baseline === state.digests.baseline &&
    opened.champion === state.digests.certified &&
    configurationDigest(opened.baselineSlots) === opened.baseline &&
    configurationDigest(opened.championSlots) === opened.champion;
  return isRight
    ? null
    : broken('sealed-once', 'it compares something else than the baseline and the certified champion');
}

function refuseSealedRead({ sealed, gate }: Governance, read: HeldOutUsed): RuleBroken | null {
  if (read.reader === 'person') return null;
  if (sealed === null || sealed.verdict !== null) return broken('sealed-once', 'no sealed test is open');
  if (gate?.digest !== read.gate) return notCurrent();
  const wanted = read.side === 'challenger' ? sealed.champion : sealed.baseline;
  return read.configuration === wanted && configurationDigest(read.slots) === wanted
    ? null
    : broken('sealed-once', 'the sealed test compares other configurations');
}

function isSame(left: string, right: string): boolean {
  return left === right || compare(parseRational(left), parseRational(right)) === 0;
}

function notCurrent(): RuleBroken {
  return broken('gate-current', 'it names another gate than the one that is registered');
}
