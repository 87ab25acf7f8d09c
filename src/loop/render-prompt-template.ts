import { codeSyntaxOf } from '../events/code-syntax.ts';
import type { TaskView } from '../events/task-view.ts';
import type { GeneratorTurn } from '../generators/generator.ts';
import { fenced, testsSyntaxOf, testsText } from './prompt-parts.ts';
import type { Part, Placeholder, PromptTemplate } from './prompt-template.ts';

/** The prompt: every placeholder replaced by its text, which is never looked at again. */
export function renderPromptTemplate(
  { parts }: PromptTemplate,
  task: TaskView,
  dialogue: readonly GeneratorTurn[],
): string {
  const tests = testsText(task.publicTests, task.language);
  const syntax = codeSyntaxOf(task);
  const ofTask = {
    task: task.id,
    language: task.publicTests.kind === 'commands' ? task.publicTests.syntax : task.language,
    entryPoint: task.entryPoint,
    statement: task.statement.trim(),
    publicTests: tests === '' ? '' : fenced(tests, testsSyntaxOf(task)),
    givenProgram: task.givenProgram === null ? '' : fenced(task.givenProgram, syntax),
  };
  const turns = dialogue.map(({ program, feedback }, index) => ({
    ...ofTask,
    number: String(index + 1),
    program: fenced(program, syntax),
    feedback: feedback?.text ?? '',
  }));
  return render(parts, ofTask, turns);
}

type Texts = Partial<Record<Placeholder, string>>;

function render(parts: readonly Part[], texts: Texts, turns: readonly Texts[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('placeholder' in part) return texts[part.placeholder] ?? '';
      if (part.section === 'turns') return turns.map((turn) => render(part.parts, turn, [])).join('');
      return (texts[part.section] ?? '') === '' ? '' : render(part.parts, texts, turns);
    })
    .join('');
}
