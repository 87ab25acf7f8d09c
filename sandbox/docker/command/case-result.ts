import { constants } from 'node:os';
import type { CommandCase } from '../../../src/events/commands-spec.ts';
import { commandCaseExpected, commandCaseInput } from '../../../src/events/commands-text.ts';
import type { ExecutionException, TestResult } from '../../../src/events/execution-result.ts';
import type { KeptOutput } from '../line/kept-output.ts';

/** Of what a failing command wrote, its end: that is where test runners say what is wrong. */
const tailCharsMax = 1_200;

export interface ExitedCommand {
  readonly exitCode: number;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
}

/** A case whose command came to its end. The output is compared here, byte for byte but for one newline at the end. */
export function caseResult(test: CommandCase, { exitCode, stdout, stderr }: ExitedCommand): TestResult {
  const { expected } = test;
  const codeIsRight = exitCode === expected.exitCode;
  const isTestCommand = expected.stdout === null;
  const outputIsRight =
    expected.stdout === null || isSameOutput(stdout.bytes(), Buffer.from(expected.stdout));
  const code = exitText(exitCode);
  const shown = JSON.stringify(stdout.result().text);
  const told =
    [stderr, stdout].map((output) => output.result().text.trim()).find((text) => text !== '') ?? '';
  const message = told === '' ? code : `${code}, after: ${told.slice(-tailCharsMax).toWellFormed()}`;
  return {
    ...emptyResult(test),
    status: codeIsRight && outputIsRight ? 'passed' : codeIsRight || isTestCommand ? 'failed' : 'error',
    actual: isTestCommand ? code : codeIsRight ? shown : `${shown} and ${code}`,
    exception: codeIsRight ? null : { type: 'ExitCode', message, line: null },
  };
}

/** A case that has no result: it was not reached, or something ended the execution in the middle of it. */
export function unfinishedCase(test: CommandCase, ended: ExecutionException | null): TestResult {
  return { ...emptyResult(test), status: ended === null ? 'not_run' : 'error', exception: ended };
}

function emptyResult(test: CommandCase): Omit<TestResult, 'status'> {
  return {
    id: test.id,
    input: commandCaseInput(test),
    expected: commandCaseExpected(test),
    actual: null,
    exception: null,
    steps: 0,
    covered: null,
  };
}

const newline = 10;
const withoutLastNewline = (bytes: Buffer): Buffer =>
  bytes.at(-1) === newline ? bytes.subarray(0, -1) : bytes;

function isSameOutput(actual: Buffer, expected: Buffer): boolean {
  return withoutLastNewline(actual).equals(withoutLastNewline(expected));
}

/** Codes above 128 are how a signal shows, although a program can also choose them. */
export function exitText(exitCode: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128);
  return signal === undefined ? `exit code ${exitCode}` : `exit code ${exitCode} (${signal[0]})`;
}
