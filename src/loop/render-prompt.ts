import { codeSyntaxOf } from '../events/code-syntax.ts';
import { type FlagNumbers, hasFlag, replayFlags } from '../events/replay-flags.ts';
import type { TaskView } from '../events/task-view.ts';
import type { GeneratorTurn } from '../generators/generator.ts';
import { fenced, testsSyntaxOf, testsText } from './prompt-parts.ts';

/**
 * What a generator is told, as text: the problem, the public tests, the program that was handed out, then every earlier
 * turn with its feedback. A reader of the ledger sees exactly this; a language model gets it as its prompt.
 */
export function renderPrompt(task: TaskView, dialogue: readonly GeneratorTurn[], flags: FlagNumbers): string {
  const syntax = codeSyntaxOf(task);
  const parts = [
    `# Task ${task.id} (${task.publicTests.kind === 'commands' ? task.publicTests.syntax : task.language})`,
    task.statement.trim(),
  ];
  parts.push(`Write \`${task.entryPoint}\`.`);
  const tests = testsText(task.publicTests, task.language);
  if (tests !== '') parts.push('## Public tests', fenced(tests, testsSyntaxOf(task)));
  if (task.givenProgram !== null) parts.push('## Program to repair', fenced(task.givenProgram, syntax));
  dialogue.forEach((turn, index) => {
    const shownAbove = hasFlag(flags, replayFlags.givenProgramOnce) && turn.program === task.givenProgram;
    const program = shownAbove ? 'The program to repair, as it is above.' : fenced(turn.program, syntax);
    parts.push(`## Turn ${index + 1}`, program);
    if (turn.feedback !== null) parts.push(turn.feedback.text);
  });
  return `${parts.join('\n\n')}\n`;
}
