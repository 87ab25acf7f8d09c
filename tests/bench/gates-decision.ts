import { heldOutTest } from '../../gates/policy/held-out-test.ts';
import { certifiedAccount } from '../../gates/policy/level-policy.ts';
import { parseRational, rationalText } from '../../gates/policy/math/rational.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { BenchRow } from './bench-row.ts';
import { median, timeMs } from './ledger-fixture.ts';

const items = 10_000;
const testsBefore = 30;
const rounds = 9;
const targetMs = 50;

/**
 * One decision on the held-out items as the certified gate takes it: the exact McNemar test at the level that the coded ledger
 * leaves after many tests (a fraction of long numbers), with a futility look every tenth of the items.
 */
export async function benchGatesDecision(): Promise<BenchRow[]> {
  let account = certifiedAccount(parseRational('1/20'), parseRational('1/3'));
  for (let test = 0; test < testsBefore; test += 1)
    account = account.after(test % 10 === 9 ? 'promote' : 'discard', 1);
  const { level } = account;
  const random = seededRandom('gate decision');
  // Two items in five differ, and the challenger wins most of them: no look may end it early.
  const differences = Array.from({ length: items }, () => {
    const draw = random.float();
    return draw < 0.24 ? 1 : draw < 0.4 ? -1 : 0;
  });
  const futility = { looks: 10, minConditionalPower: 0.05, delta: 0.05 };
  const times: number[] = [];
  let used = 0;
  for (let round = -1; round < rounds; round += 1) {
    const ms = await timeMs(async () => {
      const method = { kind: 'mcnemar-exact', futility } as const;
      used = heldOutTest(items, (index) => differences[index] as number, level, method).itemsUsed;
    });
    // The first round warms the compiler.
    if (round >= 0) times.push(ms);
  }
  if (used !== items) throw new Error(`the decision ended after ${used} items`);
  const value = median(times);
  const digits = rationalText(level).length;
  return [
    {
      ...{ name: `one held-out decision over ${items.toLocaleString('en')} items`, value, unit: 'ms' },
      ...{ target: `≤ ${targetMs}`, met: value <= targetMs },
      detail: `exact McNemar test at the level after ${testsBefore} tests (a fraction of ${digits} characters), ten futility looks; median of ${rounds} rounds`,
    },
  ];
}
