import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskView } from '../../src/events/task-view.ts';
import type { GeneratorTurn } from '../../src/generators/generator.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { parsePromptTemplate, templateBytesMax } from '../../src/loop/prompt-template.ts';
import { renderPrompt } from '../../src/loop/render-prompt.ts';
import { renderPromptTemplate } from '../../src/loop/render-prompt-template.ts';
import { toyTask } from '../support/toy-language.ts';

const task: TaskView = { ...toyTask('t/1', 1).view, statement: '\n  Square it.\n\n' };
const repair: TaskView = { ...task, givenProgram: 'f(0) = 9\n' };
const turn = (program: string, text: string | null): GeneratorTurn => ({
  ...{ candidate: sha256Hex(program), program },
  feedback: text === null ? null : { text, execution: null },
});
const render = (template: string, view = task, dialogue: readonly GeneratorTurn[] = []): string =>
  renderPromptTemplate(parsePromptTemplate(template), view, dialogue);

function problemOf(template: string): string {
  try {
    parsePromptTemplate(template);
  } catch (error) {
    if (isPawlError(error, 'PROMPT_TEMPLATE_INVALID')) return error.message;
    throw error;
  }
  throw new Error(`${template} was taken`);
}

describe('a prompt template', () => {
  it('puts a text in the place of each name, blocks in fences, and leaves everything else as it is', () => {
    const template =
      '{{task}} {{ language }} <{{entryPoint}}> & {single}\n{{statement}}\n{{publicTests}}\n{{givenProgram}}|';
    expect(render(template)).toBe(
      't/1 javascript <f> & {single}\nSquare it.\n```javascript\nf(0) // 0\n```\n|',
    );
    expect(render('{{givenProgram}}', repair)).toBe('```javascript\nf(0) = 9\n```');
  });

  it('repeats what stands between the marks of turns, oldest first', () => {
    const template =
      'Before.\n{{#turns}}\n{{number}}. {{task}}\n{{program}}\n{{feedback}}\n{{/turns}}\nAfter.\n';
    expect(render(template)).toBe('Before.\nAfter.\n');
    expect(render(template, task, [turn('one', 'Wrong.'), turn('two\n', null)])).toBe(
      'Before.\n1. t/1\n```javascript\none\n```\nWrong.\n2. t/1\n```javascript\ntwo\n```\n\nAfter.\n',
    );
    expect(render('{{#turns}}[{{number}}]{{/turns}}', task, [turn('a', null), turn('b', null)])).toBe(
      '[1][2]',
    );
  });

  it('leaves a section out where its text is empty', () => {
    const template = '{{#givenProgram}}\nMend:\n{{givenProgram}}\n{{/givenProgram}}\nEnd.';
    expect(render(template)).toBe('End.');
    expect(render(template, repair)).toBe('Mend:\n```javascript\nf(0) = 9\n```\nEnd.');
    const told = '{{#turns}}{{#feedback}}({{number}}: {{feedback}}){{/feedback}}{{/turns}}';
    expect(render(told, task, [turn('a', null), turn('b', 'no')])).toBe('(2: no)');
  });

  it('writes two braces where they are meant, and never reads a text that it has put in', () => {
    expect(render('\\{{task}} {{task}}')).toBe('{{task}} t/1');
    const sly = { ...task, statement: '{{#turns}}{{task}}\\{{' };
    expect(render('{{statement}}', sly)).toBe('{{#turns}}{{task}}\\{{');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (statement, feedback) => {
        const dialogue = [turn('p', feedback)];
        const text = render(
          '{{statement}}|{{#turns}}{{feedback}}{{/turns}}',
          { ...task, statement },
          dialogue,
        );
        expect(text).toBe(`${statement.trim()}|${feedback}`);
      }),
    );
  });

  it('keeps a program inside its fence', () => {
    const fence = '`'.repeat(4);
    expect(render('{{#turns}}{{program}}{{/turns}}', task, [turn('a\n```\nb', null)])).toBe(
      `${fence}javascript\na\n\`\`\`\nb\n${fence}`,
    );
  });

  it('can say what the built-in prompt says, byte for byte', () => {
    const template = [
      '# Task {{task}} ({{language}})\n\n{{statement}}\n\nWrite `{{entryPoint}}`.\n',
      '{{#publicTests}}\n\n## Public tests\n\n{{publicTests}}\n{{/publicTests}}\n',
      '{{#givenProgram}}\n\n## Program to repair\n\n{{givenProgram}}\n{{/givenProgram}}\n',
      '{{#turns}}\n\n## Turn {{number}}\n\n{{program}}\n',
      '{{#feedback}}\n\n{{feedback}}\n{{/feedback}}\n{{/turns}}\n',
    ].join('');
    const dialogue = [turn('a', 'Outcome: failed.'), turn('b', null)];
    const untested: TaskView = { ...task, publicTests: { kind: 'asserts', source: '', invoke: null } };
    for (const view of [task, repair, untested]) {
      expect(render(template, view, dialogue)).toBe(renderPrompt(view, dialogue, []));
      expect(render(template, view)).toBe(renderPrompt(view, [], []));
    }
  });
});

describe('a template that cannot be used', () => {
  const at = (line: number, column: number): string =>
    `The prompt template, line ${line}, column ${column}: `;
  const known =
    'task, language, entryPoint, statement, publicTests, givenProgram, number, program, feedback, and the section turns';

  it.each([
    ['a\n  {{stat}}', `${at(2, 3)}there is no "stat". Known: ${known}.`],
    ['{{#turn}}{{/turn}}', `${at(1, 1)}there is no "turn". Known: ${known}.`],
    ['{{hiddenTests}}', `${at(1, 1)}there is no "hiddenTests". Known: ${known}.`],
    ['a {{turns}}', `${at(1, 3)}there is no "turns". Known: ${known}.`],
    ['a\nb{{#turns}}\nc', `${at(2, 2)}{{#turns}} is never closed with {{/turns}}.`],
    ['{{/turns}}', `${at(1, 1)}{{/turns}} ends what never began.`],
    ['{{#turns}}{{/task}}', `${at(1, 11)}{{/task}} stands where {{#turns}} has to be closed.`],
    ['{{#turns}}\n{{#turns}}{{/turns}}{{/turns}}', `${at(2, 1)}{{#turns}} stands inside itself.`],
    ['{{feedback}}', `${at(1, 1)}"feedback" is of one turn; it is known inside {{#turns}} … {{/turns}}.`],
    ['x {{{task}}}', `${at(1, 3)}this is no tag; two braces that are meant as such are written \\{{.`],
    ['{{ta\nsk}}', `${at(1, 1)}this is no tag; two braces that are meant as such are written \\{{.`],
    ['{{> other}}', `${at(1, 1)}this is no tag; two braces that are meant as such are written \\{{.`],
    ['\ud800', 'The prompt template is not well-formed Unicode text.'],
  ])('%j says what is wrong, and where', (template, problem) => {
    expect(problemOf(template)).toBe(problem);
  });

  it('may be too large', () => {
    expect(problemOf('é'.repeat(templateBytesMax / 2 + 1))).toBe(
      `The prompt template has ${templateBytesMax + 2} bytes; at most ${templateBytesMax} are kept.`,
    );
    expect(render('a'.repeat(templateBytesMax))).toHaveLength(templateBytesMax);
  });

  it('is found whatever it is: text is taken or refused with a code', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{{#turns}}',
      '{{/turns}}',
      '{{task}}',
      '\\',
      '\n',
      'a',
      '{',
      '#',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        try {
          expect(typeof render(text, task, [turn('p', 'f')])).toBe('string');
        } catch (error) {
          expect(isPawlError(error, 'PROMPT_TEMPLATE_INVALID')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
