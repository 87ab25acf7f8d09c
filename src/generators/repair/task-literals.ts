import { tokenizer } from 'acorn';
import type { TaskView } from '../../events/task-view.ts';
import type { MutationHints } from '../../mutation/workbench.ts';

const literalsMax = 12;

/** Numbers and strings that the public tests mention: a program may be missing one of them. */
export function taskLiterals(task: TaskView): MutationHints {
  const tests = task.publicTests;
  // Only programs in JavaScript are repaired, and those are not tested by commands.
  if (tests.kind === 'commands') return { numbers: [], strings: [] };
  const text =
    tests.kind === 'asserts'
      ? tests.source
      : tests.cases.map(({ call, expected }) => `${call};${expected}`).join('\n');
  const numbers = new Set<string>();
  const strings = new Set<string>();
  try {
    for (const token of tokenizer(text, { ecmaVersion: 'latest' })) {
      const raw = text.slice(token.start, token.end);
      if (token.type.label === 'num' && Number.isFinite(Number(raw))) numbers.add(String(Number(raw)));
      if (token.type.label === 'string' && raw.length <= 14 && !raw.includes('\\'))
        strings.add(raw.slice(1, -1));
    }
  } catch {
    // Tests that do not tokenize are the sandbox's to report; what was read so far will do.
  }
  return { numbers: [...numbers].slice(0, literalsMax), strings: [...strings].slice(0, literalsMax) };
}
