import type { JsonObject } from '../kernel/json.ts';
import type { Difference, ExecutionCheck } from '../loop/rerun-check.ts';
import type { RunRerun } from '../loop/rerun-episodes.ts';
import { type RerunTotals, totalVerdict } from '../loop/rerun-totals.ts';
import type { Output } from './output.ts';
import { table } from './table.ts';

/** What is told of one episode in text is bounded; --json lists all. */
const checksShownMax = 10;
const sameReasonsShownMax = 3;

/**
 * Tells what a rerun finds as it finds it: every divergence with its diff, and every reason why something is inconclusive a few
 * times.
 */
export class RerunReport {
  readonly #output: Output;
  readonly #verdictsAlone: boolean;
  readonly #reasons = new Map<string, number>();

  /** @param verdictsAlone whether only how executions and tests ended was compared */
  constructor(output: Output, verdictsAlone: boolean) {
    this.#output = output;
    this.#verdictsAlone = verdictsAlone;
  }

  episode({ run, episode, task, imported, verdict, checks, remark }: RunRerun): void {
    const told = checks.filter((check) => check.verdict !== 'pass' || check.remark !== '');
    const head = { run, episode, task, imported, verdict, remark, executions: checks.length };
    this.#output.record({ type: 'episode', ...head, checks: told } as unknown as JsonObject);
    if (verdict === 'pass') return;
    const lines = told.filter((check) => check.verdict !== 'pass').flatMap((check) => this.#check(check));
    const shown = lines.slice(0, checksShownMax).flat();
    if (lines.length > checksShownMax)
      shown.push(`  and ${lines.length - checksShownMax} more (--json lists all)`);
    if (remark !== '') shown.unshift(`  ${remark}`);
    if (shown.length > 0) this.#output.text([`${episode} (${task}): ${verdict}`, ...shown].join('\n'));
  }

  /** Nothing for an inconclusive one whose reason was told before. */
  #check(check: ExecutionCheck): (readonly string[])[] {
    const { revision, key, candidate, tests, verdict, remark, missing, differences, differenceCount } = check;
    if (verdict === 'inconclusive') {
      const reason = missing ?? remark;
      const before = this.#reasons.get(reason) ?? 0;
      this.#reasons.set(reason, before + 1);
      if (before >= sameReasonsShownMax) return [];
    }
    const what = `revision ${revision}, ${tests} tests of ${candidate.slice(0, 12)} (${key})`;
    const why = [missing, remark].filter((text) => text !== null && text !== '').join(': ');
    const lines = [`  ${what}: ${verdict}${why === '' ? '' : `, ${why}`}`];
    for (const one of differences) lines.push(...differenceLines(one));
    const more = differenceCount - differences.length;
    if (more > 0) lines.push(`    and ${counted(more, 'more difference')}`);
    return [lines];
  }

  end(totals: RerunTotals, performed: number, stopped: boolean): void {
    const verdict = stopped && totals.divergedEpisodes === 0 ? 'inconclusive' : totalVerdict(totals);
    const { verdicts, ...counts } = totals;
    const shared = totals.compared - performed;
    this.#output.record({
      type: 'rerun',
      verdict,
      stopped,
      ...counts,
      performed,
      verdicts,
    } as unknown as JsonObject);
    const { episodes, compared, pass, diverged, inconclusive } = totals;
    if (verdicts.public.compared + verdicts.hidden.compared > 0) this.#verdicts(totals);
    const whole = `Rerun of ${counted(episodes, 'episode')}`;
    const less = this.#lessThanWhole(totals).map((text) => `; ${text}`);
    if (compared === 0) this.#output.text('Nothing was executed in it, so there is nothing to compare.');
    else if (verdict === 'pass') {
      const how = this.#verdictsAlone ? 'come to the verdicts that were recorded' : 'come out as recorded';
      this.#output.text(`${whole}: all ${counted(compared, 'execution')} ${how}${less.join('')}.`);
    } else {
      const counts = `${pass} as recorded, ${diverged} diverged, ${inconclusive} inconclusive`;
      this.#output.text(`${whole}, ${counted(compared, 'execution')}: ${counts}${less.join('')}.`);
    }
    if (this.#reasons.has('ENVIRONMENT_DIFFERS') && !this.#verdictsAlone) {
      this.#output.note('Whether what is here comes to the same verdicts: pawl rerun --verdicts');
    }
    const times = `real time ${seconds(totals.recordedMs)} as recorded, ${seconds(totals.hereMs)} here`;
    if (performed > 0)
      this.#output.note(`${performed} executed, ${Math.max(0, shared)} equal to one of these; ${times}`);
  }

  /** How many of those that pass are not the same byte for byte, and what of them was not compared. */
  #lessThanWhole({ outcomeOnly, judgedOnly, statusesOnly }: RerunTotals): readonly string[] {
    const parts: readonly (readonly [number, string])[] = [
      [statusesOnly, 'by outcome and statuses only: steps, shown values or output are not the same'],
      [outcomeOnly, 'by their outcome only: a clock had ended them'],
      [judgedOnly, 'without what commands told beside what decided them, which is not the same'],
    ];
    return parts.flatMap(([count, text]) => (count > 0 ? [`${count} ${text}`] : []));
  }

  #verdicts({ verdicts }: RerunTotals): void {
    const rows = (['public', 'hidden'] as const).map((tests) => {
      const { compared, recordedPassed, agree, differ, inconclusive } = verdicts[tests];
      return [tests, compared, recordedPassed, agree, differ, inconclusive];
    });
    const head = ['tests', 'verdicts', 'recorded as passed', 'agree', 'differ', 'inconclusive'];
    this.#output.text(`${table(head, rows)}\n`);
    this.#output.note(
      'Nobody recorded what the other tool executed with; these are the verdicts of what is here.',
    );
  }
}

function differenceLines({ place, member, recorded, here, patch }: Difference): readonly string[] {
  const what = member === '' ? place : `${place}, ${member}`;
  if (patch === null) return [`    ${what}: recorded ${recorded}, here ${here}`];
  return [`    ${what}:`, ...patch.split('\n').map((line) => `      ${line}`)];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
