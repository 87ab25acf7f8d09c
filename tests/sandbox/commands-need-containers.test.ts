import { afterAll, expect, test } from 'vitest';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { TestSpec } from '../../src/events/test-spec.ts';
import { requestOf } from './execution-request.ts';

const sandbox = createWasmSandbox({ workers: 1 });
afterAll(() => sandbox.close());

const tests: TestSpec = {
  ...{ kind: 'commands', syntax: 'sh', program: { form: 'file', path: 'a.sh' }, files: [], build: null },
  cases: [{ id: '1', argv: ['sh', 'a.sh'], stdin: '', expected: { exitCode: 0, stdout: null } }],
};

test('the sandbox without containers offers no commands and refuses them, whatever the language is called', async () => {
  expect(sandbox.languages).toEqual(['javascript', 'python']);
  const refused = {
    code: 'SANDBOX_LANGUAGE',
    message: 'This sandbox does not run command. Commands need a container: --sandbox docker.',
  };
  await expect(sandbox.execute(requestOf('command', 'exit 0', tests))).rejects.toMatchObject(refused);
  await expect(sandbox.execute(requestOf('javascript', '', tests))).rejects.toMatchObject(refused);
  await expect(sandbox.fingerprint('command')).rejects.toMatchObject(refused);
});
