import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository-root.ts';

/** What a process writes that says one text, one record and one note. */
function written(json: boolean): { readonly stdout: string; readonly stderr: string } {
  const program = `
    import { processOutput } from './src/cli/output.ts';
    const output = processOutput(${json});
    output.text('for people \\u001b[31m');
    output.record({ type: 'x', text: '\\u001b', interactive: output.interactive });
    output.note('news');
  `;
  const args = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: repositoryRoot, encoding: 'utf8' });
  return { stdout, stderr };
}

it('people get texts on stdout, and news on stderr', () => {
  expect(written(false)).toEqual({ stdout: 'for people \\u001b[31m\n', stderr: 'news\n' });
});

it('programs get one JSON line a record on stdout, and news on stderr', () => {
  expect(written(true)).toEqual({
    stdout: '{"type":"x","text":"\\u001b","interactive":false}\n',
    stderr: 'news\n',
  });
});
