import { InvalidArgumentError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { adviceFor } from '../../src/cli/advice.ts';
import { commaList, positiveInteger } from '../../src/cli/common-options.ts';
import { describeParams } from '../../src/cli/describe-params.ts';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-code.ts';
import { hint } from '../../src/cli/hint.ts';
import { defaultLedgerAddress, ledgerAddress } from '../../src/cli/open-for-cli.ts';
import { createProgram } from '../../src/cli/program.ts';
import { visibleText } from '../../src/cli/visible-text.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { bestOfN } from '../../src/strategies/best-of-n.ts';
import { unaryRetry } from '../../src/strategies/unary-retry.ts';

afterEach(() => vi.unstubAllEnvs());

describe('options', () => {
  it('a count is a whole number from 1 on', () => {
    expect(positiveInteger('12')).toBe(12);
    for (const text of ['0', '-1', '1.5', '', 'x', '1e400', '9007199254740993'])
      expect(() => positiveInteger(text), text).toThrow(InvalidArgumentError);
  });

  it('a list is parted by commas and has no empty item', () => {
    expect(commaList('a, b,c')).toEqual(['a', 'b', 'c']);
    for (const text of ['', 'a,', ',']) expect(() => commaList(text), text).toThrow(InvalidArgumentError);
  });

  it('the ledger is --ledger, else PAWL_LEDGER unless that is empty, else the default', () => {
    vi.stubEnv('PAWL_LEDGER', 'sqlite:env.db');
    expect([ledgerAddress('x.db'), ledgerAddress(undefined)]).toEqual(['x.db', 'sqlite:env.db']);
    vi.stubEnv('PAWL_LEDGER', '');
    expect(ledgerAddress(undefined)).toBe(defaultLedgerAddress);
  });
});

describe('exit codes', () => {
  it('come from the table of errors, and are 1 for what is in no table', () => {
    const codes = ['USAGE', 'LEDGER_BUSY', 'REPLAY_DIVERGED', 'LEDGER_CORRUPT'] as const;
    expect(codes.map((code) => exitCodeOf(new PawlError(code, '')))).toEqual([2, 1, 110, 120]);
    expect([exitCodeOf(new Error('x')), exitCodeOf(null)]).toEqual([1, 1]);
    expect(exitCodes).toEqual({ ok: 0, error: 1, usage: 2, replayDiverged: 110, integrity: 120 });
  });
});

describe('texts', () => {
  it('a hint names the ledger when it was given, ready for a shell', () => {
    expect(hint('show A', {})).toBe('npx pawl show A');
    expect(hint('show A', { ledger: 'sqlite:a/b.db' })).toBe('npx pawl show A --ledger sqlite:a/b.db');
    expect(hint('show A', { ledger: 'esdb://ada:secret@db.example?tls=false' })).toBe(
      "npx pawl show A --ledger 'esdb://ada:***@db.example?tls=false'",
    );
    expect(hint('show A', { ledger: "it's $x.db" })).toBe(`npx pawl show A --ledger 'it'\\''s $x.db'`);
  });

  it('control characters and direction marks are shown, not sent', () => {
    expect(visibleText('a\tb\n\u001b[2Jc\u0007\r\u009b\u202e é 漢 😀')).toBe(
      'a\tb\n\\u001b[2Jc\\u0007\\u000d\\u009b\\u202e é 漢 😀',
    );
  });

  it('advice is a line of its own, or nothing', () => {
    expect(adviceFor(new PawlError('USAGE', ''))).toBe('');
    expect(adviceFor(new PawlError('LEDGER_CORRUPT', ''))).toBe(
      '`pawl verify` lists all that is wrong with it.\n',
    );
  });

  it('the parameters of a strategy come from its schema', () => {
    expect(describeParams(bestOfN)).toEqual([
      'candidates=12 (1 to 1000)',
      'stop=public_pass (public_pass, never)',
      'width=1 (1 to 100)',
    ]);
    expect(describeParams(unaryRetry)).toEqual([
      ...['candidates=12 (1 to 120)', 'restartAfter=never (1 to 120)', 'memory=all (1 to 120)'],
    ]);
  });

  it('every command has a summary, a description, an example, and the options that all take', () => {
    const all = createProgram(() => undefined).commands;
    for (const command of all.flatMap((one) => (one.commands.length === 0 ? [one] : [...one.commands]))) {
      let text = '';
      command.configureOutput({
        writeOut: (more) => {
          text += more;
        },
      });
      command.outputHelp();
      expect(command.summary(), command.name()).not.toBe('');
      expect(command.description(), command.name()).not.toBe('');
      const parent = command.parent?.parent == null ? '' : `${command.parent.name()} `;
      const [, examples = ''] = text.split('\nExamples:\n');
      expect(examples, command.name()).toContain(`pawl ${parent}${command.name()}`);
      expect(text).toContain('--ledger <address>');
      expect(text).toContain('--json');
    }
  });
});
