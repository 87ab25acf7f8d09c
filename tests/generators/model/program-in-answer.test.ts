import { describe, expect, it } from 'vitest';
import { programInAnswer } from '../../../src/generators/model/program-in-answer.ts';

const inJavaScript = (answer: string): string | null => programInAnswer(answer, 'javascript', 'add');
const inPython = (answer: string): string | null => programInAnswer(answer, 'python', 'add');

describe('the program in an answer', () => {
  it('is its last code block in the language of the task', () => {
    const answer = [
      ...['First:', '```js', 'one', '```', 'Better:', '```JavaScript', 'two', '', 'more', '```'],
      ...['Run it:', '```sh', 'node add.js', '```', 'Done.'],
    ].join('\n');
    expect(inJavaScript(answer)).toBe('two\n\nmore\n');
    expect(inPython('```py\nx\n```\n```text\ny\n```')).toBe('x\n');
  });

  it('is its last code block where none is in that language', () => {
    expect(inJavaScript('```\none\n```\nor\n```\ntwo\n```')).toBe('two\n');
    expect(inPython('~~~\nx\n~~~')).toBe('x\n');
  });

  it('ends where its own fence ends: not at a shorter one, one of another kind, or one with words behind it', () => {
    expect(inJavaScript('````js\na\n```\nb\n````\nc')).toBe('a\n```\nb\n');
    expect(inJavaScript('~~~js\na\n```\nb\n~~~')).toBe('a\n```\nb\n');
    expect(inJavaScript('```js\na\n``` and\nb\n```')).toBe('a\n``` and\nb\n');
    expect(inJavaScript('  ```js title="x"\r\na\r\n  ```\r\n')).toBe('a\n');
  });

  it('ends with the answer where that was cut off', () => {
    expect(inJavaScript('Here:\n```js\nconst add = (a, b) => a +')).toBe('const add = (a, b) => a +\n');
    expect(inJavaScript('```js\n```')).toBe('');
  });

  it('is all of it where all of it is a program for the task', () => {
    const program = 'function add(a, b) {\n  return a + b;\n}\n';
    expect(inJavaScript(program)).toBe(program);
    for (const text of [
      'def add(a, b):\n    return a + b\n',
      '# adds\nfrom math import fsum\n\ndef add(*all):\n    return fsum(all)\n',
      '@cache\ndef add(a, b):\n    return a + b\n',
    ])
      expect(inPython(text), text).toBe(text);
  });

  it('is the block in the language that commands build, or the JSON of several files', () => {
    const answer = '```rust\nfn main() {}\n```\nRun:\n```sh\ncargo run\n```\n';
    expect(programInAnswer(answer, 'rust', 'main.rs')).toBe('fn main() {}\n');
    expect(programInAnswer('fn main() {}', 'rust', 'main.rs')).toBeNull();
    expect(programInAnswer('```constructor\nx\n```', 'constructor', 'x')).toBe('x\n');
    expect(programInAnswer('{"a": "b"}', 'json', 'a')).toBe('{"a": "b"}');
    expect(programInAnswer('["a"]', 'json', 'a')).toBeNull();
    expect(programInAnswer('Sorry, no a.', 'json', 'a')).toBeNull();
  });

  it.each([
    '',
    'sorry',
    'I cannot help with add.',
    'add',
    'function sub(a, b) { return a - b; }',
    'const other = 1;',
    'To add, write `a + b`.',
    '    indented, but no block',
  ])('is not there in %j', (answer) => {
    expect(inJavaScript(answer)).toBe(answer === 'add' ? 'add' : null);
    expect(inPython(answer)).toBeNull();
  });
});
