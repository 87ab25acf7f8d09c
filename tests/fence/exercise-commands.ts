import { commandCaseExpected, commandCaseInput, commandsText } from '../../src/events/commands-text.ts';
import { directoriesOf, fileTreeProblem } from '../../src/events/file-tree.ts';
import { testSpecSchema } from '../../src/events/test-spec.ts';

/** The words around programs that are run by commands; no story in a ledger has such a task. */
export function exerciseCommands(): void {
  const argv = ['cat', 'a b', 'data/in.txt'];
  const spec = testSpecSchema.parse({
    kind: 'commands',
    syntax: 'sh',
    program: { form: 'file', path: 'main.sh' },
    files: [{ path: 'data/in.txt', text: 'in' }],
    build: { argv, wallMs: 1_000 },
    cases: [{ id: 'a', argv, stdin: 'x', expected: { exitCode: 3, stdout: 'in' } }],
  });
  if (spec.kind !== 'commands') return;
  commandsText(spec);
  for (const test of spec.cases) {
    commandCaseInput(test);
    commandCaseExpected(test);
  }
  fileTreeProblem([...spec.files, { path: '../out', text: '' }]);
  directoriesOf('data/in.txt');
}
