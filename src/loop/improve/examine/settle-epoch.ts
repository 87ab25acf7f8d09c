import { compare, zero } from '../../../../gates/policy/math/rational.ts';
import type { PawlEvent } from '../../../events/catalogue.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';
import { detectableEffect, discordanceUnknown, lastDiscordance } from './held-out-left.ts';
import { epochOf, gateOf } from './line-gate.ts';

type Exhausted = Extract<PawlEvent, { type: 'HeldOutExhausted' }>['data'];

/**
 * Retires the held-out items when nothing can be learnt from them any more, between two examinations: somebody else saw
 * results, they were published, their alpha is spent, or the effects that they still find are too large to hope for. Does
 * nothing otherwise.
 */
export async function settleEpoch(line: ImprovementLine, services: GateServices): Promise<void> {
  const { epoch, judging } = line.state;
  if (epoch === null || epoch.exhausted !== null || judging !== null) return;
  const retired = await whyRetired(line, services);
  if (retired !== null) {
    await line.append([{ type: 'HeldOutExhausted', data: { epoch: epoch.number, ...retired } }]);
  }
}

async function whyRetired(
  line: ImprovementLine,
  services: GateServices,
): Promise<Omit<Exhausted, 'epoch'> | null> {
  const { definition } = gateOf(line);
  const epoch = epochOf(line);
  const { account } = epoch;
  if (epoch.disclosed) {
    return {
      reason: 'disclosed',
      detectable: null,
      note: 'Somebody other than the gate saw results on them.',
    };
  }
  if (definition.policy === 'fresh-shard' && epoch.symbols.at(-1)?.symbol === 'promote') {
    return {
      reason: 'published',
      detectable: null,
      note: 'A promotion ends a shard; its scores may be published.',
    };
  }
  if (compare(account.level, zero) <= 0) {
    return { reason: 'budget_spent', detectable: null, note: `Alpha ${epoch.alpha} is spent.` };
  }
  // An explorer's levels rise again with its discoveries, and promise nothing anyway.
  if (account.budget === null || epoch.symbols.length === 0) return null;
  // The comparison that was promoted differed on more items than the next ones will: it must not retire what they still need.
  const last = await lastDiscordance(line, services, definition);
  const discordance = Math.min(last ?? discordanceUnknown, discordanceUnknown);
  const detectable = detectableEffect(definition, account.level, discordance);
  if (detectable !== null && detectable <= definition.mdeMax) return null;
  const note =
    detectable === null
      ? `The next test would find no effect with 80 % power, not even where every item that differs is won.`
      : `The next test would find effects from ${detectable.toFixed(3)} on with 80 % power; up to ${definition.mdeMax} are hoped for.`;
  return { reason: 'effect_undetectable', detectable, note };
}
