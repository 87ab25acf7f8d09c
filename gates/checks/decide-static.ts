import type { InputOf } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { counted } from './wording.ts';

/** Whether the change can be examined at all, before anything is executed. */
export function decideStatic(input: InputOf<'static'>): CheckResult {
  const { challenger, parent, problems, examinedBefore } = input;
  const told = { method: null, level: null, statistic: null, itemsUsed: 0 };
  const numbers = { problems: problems.length };
  const block = (sentence: string): CheckResult => ({ ...told, verdict: 'block', numbers, sentence });
  if (challenger === parent) return block('It is the same as what it should replace.');
  if (problems.length > 0) {
    const more = problems.length === 1 ? '' : ` (and ${counted(problems.length - 1, 'more problem')})`;
    return block(`It cannot be used: ${problems[0] ?? ''}${more}`.slice(0, 2000));
  }
  if (examinedBefore !== null) {
    return block(
      `Proposal ${examinedBefore} was the same change against the same certified champion: nothing is learnt by asking twice.`,
    );
  }
  return { ...told, verdict: 'pass', numbers, sentence: 'Its content is usable, and it is a change.' };
}
