import { systemClock } from '../kernel/clock.ts';
import type { RunSignals } from '../loop/execute-run.ts';
import type { CheckProgress, GateServices } from '../loop/improve/examine/gate-services.ts';
import { ImprovementLine } from '../loop/improve/improvement-line.ts';
import type { CommonOptions } from './common-options.ts';
import { findLine } from './find-line.ts';
import { gateSession } from './gate-session.ts';
import { lineInterpreters } from './line-interpreters.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import type { Output } from './output.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

export interface LineChoice extends CommonOptions {
  readonly line?: string;
}

/** A line of improvement to be read; the ledger is closed when `work` has ended. */
export async function readingLine<Result>(
  options: LineChoice,
  work: (line: ImprovementLine) => Promise<Result>,
): Promise<Result> {
  const { ledger, writer } = await openForCli(ledgerAddress(options.ledger), 'read');
  try {
    const name = await findLine(ledger, options.line);
    return await work(await ImprovementLine.open(name, { ledger, writer, clock: systemClock }));
  } finally {
    await ledger.close();
  }
}

/** What a command that judges has at hand. */
export interface Judging {
  readonly line: ImprovementLine;
  readonly services: GateServices;
  readonly signals: RunSignals;
}

export interface JudgingOptions extends LineChoice, Partial<SandboxOptions> {
  readonly checks?: string;
}

/** A line of improvement to be worked on, with a sandbox; everything is closed when `work` has ended. */
export async function judgingLine<Result>(
  options: JudgingOptions,
  output: Output,
  work: (judging: Judging) => Promise<Result>,
): Promise<Result> {
  const jobs = options.jobs ?? 1;
  const sandboxes = await openSandboxes(options, output);
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const opened = await openForCli(ledgerAddress(options.ledger), 'write');
    try {
      const checksDirectory = options.checks ?? process.cwd();
      const tell = ({ check, verdict, sentence }: CheckProgress): void => {
        output.note(`  ${check}: ${verdict}. ${sentence}`);
      };
      const { ledger } = opened;
      const known = { ...opened, clock: systemClock };
      const line = await ImprovementLine.open(await findLine(ledger, options.line), known);
      const sandbox = await sandboxes.like(await lineInterpreters(ledger, line));
      const { services, clear } = gateSession(opened, sandbox, { jobs, output, checksDirectory }, tell);
      try {
        return await work({ line, services, signals });
      } finally {
        clear();
      }
    } finally {
      await opened.ledger.close();
    }
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}
