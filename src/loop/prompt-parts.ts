import { commandsText } from '../events/commands-text.ts';
import type { Language, TaskView } from '../events/task-view.ts';
import type { TestSpec } from '../events/test-spec.ts';

/** Public tests as a reader gets them: assertions as they are, cases as calls with what they must give. */
export function testsText(tests: TestSpec, language: Language): string {
  if (tests.kind === 'asserts') return tests.source.trim();
  if (tests.kind === 'commands') return commandsText(tests);
  const comment = language === 'python' ? '#' : '//';
  return tests.cases.map(({ call, expected }) => `${call} ${comment} ${expected}`).join('\n');
}

/** Commands are in no language of their own. */
export function testsSyntaxOf({ language, publicTests }: TaskView): string {
  return publicTests.kind === 'commands' ? 'text' : language;
}

/** A fence longer than any run of back-ticks inside, so that a program cannot close it. */
export function fenced(source: string, language: string): string {
  const longest = Math.max(2, ...(source.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${source.trimEnd()}\n${fence}`;
}
