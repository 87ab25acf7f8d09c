import { describe, expect, it } from 'vitest';
import { commandsSpecSchema } from '../../src/events/commands-spec.ts';
import { currentFlags } from '../../src/events/replay-flags.ts';
import type { Language, TaskView } from '../../src/events/task-view.ts';
import { renderPrompt } from '../../src/loop/render-prompt.ts';

describe('a prompt', () => {
  it.each([
    ['javascript', '```javascript\nadd(20, 22) // 42\nadd(-1, 1) // 0\n```'],
    ['python', '```python\nadd(20, 22) # 42\nadd(-1, 1) # 0\n```'],
  ] as const)('shows public cases in %s with a comment of that language', (language, block) => {
    expect(renderPrompt(additionIn(language), [], currentFlags)).toBe(
      `# Task add (${language})\n\nAdd two numbers.\n\nWrite \`add\`.\n\n## Public tests\n\n${block}\n`,
    );
  });

  it('shows tests by commands, and names the language that they build', () => {
    const tests = {
      ...{
        kind: 'commands',
        syntax: 'go',
        program: { form: 'file', path: 'add.go' },
        files: [],
        build: null,
      },
      cases: [
        { id: '1', argv: ['go', 'run', 'add.go', '1'], stdin: '', expected: { exitCode: 0, stdout: '2' } },
      ],
    } as const;
    const task: TaskView = {
      ...additionIn('command'),
      entryPoint: 'add.go',
      givenProgram: 'package main',
      publicTests: commandsSpecSchema.parse(tests),
    };
    expect(renderPrompt(task, [], currentFlags)).toBe(
      `# Task add (go)\n\nAdd two numbers.\n\nWrite \`add.go\`.\n\n## Public tests\n
\`\`\`text
The program (go) is the file add.go.
$ go run add.go 1
must give "2"
\`\`\`\n\n## Program to repair\n\n\`\`\`go\npackage main\n\`\`\`\n`,
    );
  });
});

function additionIn(language: Language): TaskView {
  return {
    id: 'add',
    language,
    statement: 'Add two numbers.',
    entryPoint: 'add',
    prelude: '',
    givenProgram: null,
    publicTests: {
      kind: 'cases',
      cases: [
        { id: 'c0', call: 'add(20, 22)', expected: '42' },
        { id: 'c1', call: 'add(-1, 1)', expected: '0' },
      ],
    },
    limits: { wallMs: 1000, steps: 1000, memoryBytes: 2 ** 24, outputBytes: 1024 },
    tags: {},
  };
}
