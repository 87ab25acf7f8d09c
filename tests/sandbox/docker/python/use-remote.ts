import { afterAll, beforeAll } from 'vitest';
import type { ExecutionResult } from '../../../../src/events/execution-result.ts';
import { pythonRequest, type RequestParts } from '../../python/python-request.ts';
import { BOOT_TIMEOUT_MS } from '../../python/python-sandbox.ts';
import { createRemoteSandbox, type RemoteSandbox } from './remote-sandbox.ts';

/** Executions with the candidate in a container, for the tests of one file. */
export function useRemote(workers: number): {
  readonly sandbox: () => RemoteSandbox;
  readonly run: (parts: RequestParts) => Promise<ExecutionResult>;
  /** Runs a program against a script of assertions. */
  readonly check: (program: string, source: string, more?: RequestParts) => Promise<ExecutionResult>;
} {
  let sandbox: RemoteSandbox;
  beforeAll(async () => {
    sandbox = createRemoteSandbox('batch', workers);
    await sandbox.execute(pythonRequest({}));
  }, BOOT_TIMEOUT_MS);
  afterAll(() => sandbox.close());
  const run = async (parts: RequestParts): Promise<ExecutionResult> =>
    (await sandbox.execute(pythonRequest(parts))).result;
  return {
    sandbox: () => sandbox,
    run,
    check: (program, source, more = {}) =>
      run({ program, tests: { kind: 'asserts', source, invoke: null }, ...more }),
  };
}

export const statuses = ({ tests }: ExecutionResult): string[] => tests.map(({ status }) => status);
export const summary = ({ outcome, error }: ExecutionResult): string =>
  `${outcome} ${error?.type ?? ''}`.trim();
/** What did not pass, readably. */
export const complaints = ({ error, tests }: ExecutionResult): unknown[] => [
  ...(error === null ? [] : [error]),
  ...tests
    .filter(({ status }) => status !== 'passed')
    .map(({ input, expected, actual, exception }) => [input, expected, actual, exception]),
];
