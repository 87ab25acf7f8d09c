import { verifyBeside } from '../../../src/cli/verify-beside.ts';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import type { Claim } from '../../../src/ledger/verify/claims.ts';
import type { FirstBad } from '../../../src/ledger/verify/first-bad.ts';
import { noTrust, type Trust } from '../../../src/ledger/verify/trust.ts';
import { verifyFile, verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { openToRead } from './ledger-under-test.ts';

/** What verification came to, in as much as the tests compare it. */
export interface Judgement {
  readonly found: boolean;
  readonly codes: readonly string[];
  readonly firstBad: FirstBad | null;
  readonly altered: Claim['verdict'];
  readonly missing: Claim['verdict'];
  readonly because: string;
}

/** Verifies a file as the command does. Only coded errors count as an answer; anything else is a defect of the verification. */
export async function judge(path: string, trust: Trust = noTrust): Promise<Judgement> {
  try {
    const ledger = await openToRead(path);
    try {
      const report = await verifyLedger(ledger.store, {
        trust,
        further: (problems) => verifyBeside(ledger, null, problems),
      });
      return judgementOf(report);
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (!isPawlError(error)) throw error;
    if (error.code !== 'LEDGER_CORRUPT') return refused(error.code);
    return verifyFile(path, { trust }).then(
      (report) => ({ ...judgementOf(report), found: true }),
      (inner) => {
        if (!isPawlError(inner)) throw inner;
        return refused(inner.code);
      },
    );
  }
}

function judgementOf(report: Awaited<ReturnType<typeof verifyFile>>): Judgement {
  return {
    found: !report.ok,
    codes: report.problems.map(({ code }) => code),
    firstBad: report.firstBad,
    altered: report.nothingAltered.verdict,
    missing: report.nothingMissing.verdict,
    because: `${report.nothingAltered.because} | ${report.nothingMissing.because} | ${report.problems
      .slice(0, 3)
      .map(({ code, message }) => `${code}: ${message}`)
      .join(' | ')}`,
  };
}

function refused(code: string): Judgement {
  const unknown = 'unknown' as const;
  return { found: true, codes: [code], firstBad: null, altered: unknown, missing: unknown, because: code };
}
