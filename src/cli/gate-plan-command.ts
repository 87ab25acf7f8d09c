import { Command, InvalidArgumentError, Option } from 'commander';
import type { Plan } from '../../gates/planner/plan.ts';
import { planGate } from '../../gates/planner/plan-gate.ts';
import { certifiedAccount, type LevelAccount } from '../../gates/policy/level-policy.ts';
import {
  compare,
  multiply,
  one,
  parseRational,
  type Rational,
  zero,
} from '../../gates/policy/math/rational.ts';
import { plannedItemsMax } from '../../gates/policy/mcnemar-planning.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import {
  type CommonOptions,
  commaList,
  positiveInteger,
  withCommonOptions,
  withExamples,
} from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findLine } from './find-line.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { type LinePlan, planFromLine } from './plan-from-line.ts';
import { planRecord, planReport } from './plan-report.ts';

interface PlanOptions extends CommonOptions {
  readonly line?: string;
  readonly heldout?: number;
  readonly effect?: number;
  readonly discordance?: readonly [number, ...number[]];
  readonly level?: Rational;
  readonly power: number;
  readonly noise?: number;
}

/** What a gate has where nobody said otherwise. */
const usual = {
  effect: 0.05,
  effectMax: 0.15,
  discordance: 0.15,
  promoteShare: parseRational('1/3'),
  level: parseRational('1/60'),
} as const;

export function gatePlanCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('plan')
    .summary('what a held-out set can find, and what it would take')
    .description(
      'Says which effect a held-out set finds now, after promotions and after discards, how many items the hoped-for effect takes, and whether the plan can work. Of a line of improvement, with its alpha ledger and the discordance of its dev screens; or of numbers alone, without any ledger (--heldout).',
    )
    .option('--line <name>', 'the line of improvement (default: the only one of the ledger)')
    .addOption(
      new Option(
        '--heldout <items>',
        'number of held-out items; without --line no ledger is opened',
      ).argParser(items),
    )
    .addOption(
      new Option(
        '--effect <difference>',
        'gain that is hoped for, per item (default: mde of the gate, else 0.05)',
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--discordance <shares>',
        'share of items on which the two sides differ, or several, as 0.1,0.15,0.2 (default: that of the dev screens, else 0.15)',
      ).argParser(shares),
    )
    .addOption(
      new Option(
        '--level <level>',
        'level of the next test (default: that of the alpha ledger, else 1/60)',
      ).argParser(level),
    )
    .addOption(new Option('--power <probability>', 'probability to find it').argParser(share).default(0.8))
    .addOption(
      new Option(
        '--noise <share>',
        'share of items on which one configuration differs from itself when run twice',
      ).argParser(share),
    )
    .action(async (options: PlanOptions) => {
      const output = processOutput(options.json === true);
      const line = options.heldout === undefined || options.line !== undefined ? await lineOf(options) : null;
      for (const note of line?.notes ?? []) output.note(`Note: ${note}.`);
      if (options.discordance === undefined) output.note(discordanceNote(line));
      const plan = planOf(options, line);
      output.text(planReport(plan));
      output.record(planRecord(line?.line ?? null, plan));
      finish(exitOf(plan));
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 the plan can work, 101 it cannot, or only where the two sides differ on few items.',
    );
  return withExamples(withCommonOptions(command), {
    'pawl gate plan': 'what the held-out items of the line still find',
    'pawl gate plan --heldout 100 --effect 0.05': 'without a ledger: refused, with what it would take',
    'pawl gate plan --heldout 600 --discordance 0.1,0.15,0.2': 'under several assumptions',
  });
}

async function lineOf(options: PlanOptions): Promise<LinePlan> {
  const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
  try {
    return await planFromLine(ledger, await findLine(ledger, options.line));
  } finally {
    await ledger.close();
  }
}

function planOf(options: PlanOptions, line: LinePlan | null): Plan {
  const effect = effectOf(options, line);
  return planGate({
    items: options.heldout ?? line?.items ?? 0,
    account: accountOf(options.level, line),
    effect,
    effectMax: line?.effectMax ?? usual.effectMax,
    power: options.power,
    discordances: options.discordance ?? [Math.max(line?.discordance ?? usual.discordance, effect)],
    noise: options.noise ?? null,
  });
}

function effectOf({ effect }: PlanOptions, line: LinePlan | null): number {
  return effect ?? line?.effect ?? usual.effect;
}

/** A level alone is taken as the first of a coded ledger that expects every third test to promote. */
function accountOf(asked: Rational | undefined, line: LinePlan | null): LevelAccount {
  if (asked === undefined && line !== null) return line.account;
  const first = asked ?? usual.level;
  const { numerator, denominator } = usual.promoteShare;
  return certifiedAccount(
    multiply(first, { numerator: denominator, denominator: numerator }),
    usual.promoteShare,
  );
}

function discordanceNote(line: LinePlan | null): string {
  if (line === null || line.discordance === null) {
    return `Note: a discordance of ${usual.discordance} is assumed; nothing was measured.`;
  }
  return `Note: the discordance is that of ${line.devScreens} dev screen${line.devScreens === 1 ? '' : 's'}.`;
}

function exitOf({ verdict }: Plan): ExitCode {
  return verdict === 'works' ? exitCodes.ok : 101;
}

function items(text: string): number {
  const count = positiveInteger(text);
  if (count > plannedItemsMax) throw new InvalidArgumentError(`It must be at most ${plannedItemsMax}.`);
  return count;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('It must be a number between 0 and 1, as 0.05.');
  return value;
}

function shares(text: string): readonly number[] {
  return commaList(text)
    .map((one) => (one === '1' ? 1 : share(one)))
    .sort((left, right) => left - right);
}

function level(text: string): Rational {
  try {
    const value = parseRational(text);
    if (compare(value, zero) > 0 && compare(value, one) < 0) return value;
  } catch (error) {
    if (!isPawlError(error, 'USAGE')) throw error;
  }
  throw new InvalidArgumentError('It must be a fraction between 0 and 1, as 1/60.');
}
