import type { TaskView } from './task-view.ts';

/** How a code block with a program for this task is marked: its language, or `json` where a program is several files. */
export function codeSyntaxOf({ language, publicTests }: Pick<TaskView, 'language' | 'publicTests'>): string {
  if (publicTests.kind !== 'commands') return language;
  return publicTests.program.form === 'files' ? 'json' : publicTests.syntax;
}
