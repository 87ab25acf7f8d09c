import type { Claim } from '../../ledger/verify/claims.ts';
import type { Trust } from '../../ledger/verify/trust.ts';
import type { StreamReplay } from '../../loop/replay-verdict.ts';
import { openBundleFile } from './bundle-file.ts';
import type { BundleHeader } from './bundle-format.ts';
import { checkDecisions } from './check-decisions.ts';
import { checkProof } from './check-proof.ts';
import { checkReport } from './check-report.ts';
import { checkStreams } from './check-streams.ts';
import { readBundle } from './read-bundle.ts';

/** What is claimed of a bundle, each apart. */
export interface BundleClaims {
  readonly nothingAltered: Claim;
  readonly nothingMissing: Claim;
  readonly signed: Claim;
  readonly reDecided: Claim;
  /** The readable page says what the data says. */
  readonly readable: Claim;
}

/** What came of checking a bundle: every claim with the sentence it rests on, and the outcome of all of them. */
export interface BundleVerdict extends BundleClaims {
  /**
   * `failed`: something speaks against the bundle. `diverged`: a decision in it does not follow. `inconclusive`: something
   * that it claims could not be decided, for example by whom it was signed. `ok`: every claim is yes.
   */
  readonly outcome: 'ok' | 'failed' | 'diverged' | 'inconclusive';
  readonly header: BundleHeader;
  /** Streams whose decisions did not all come out as recorded. */
  readonly failures: readonly StreamReplay[];
}

/** What a bundle is checked against. */
export interface VerifyBundleOptions {
  /** What is known from elsewhere: keys of the ledger's owner, a checkpoint that was kept. */
  readonly trust: Trust;
  readonly onProgress?: (done: { readonly lines: number; readonly streams: number }) => void;
}

/**
 * Checks a bundle with nothing but its file: every line and digest, the proof, the signature, that nothing is left out,
 * that the page says what the data says, and every decision in it again.
 *
 * @throws PawlError `BUNDLE_INVALID` when the file is no bundle or was damaged; `STORAGE_FAILED` when it cannot be read;
 * `SIGNING_KEY_INVALID` for a key that is none
 */
export async function verifyBundle(path: string, options: VerifyBundleOptions): Promise<BundleVerdict> {
  const { trust, onProgress = () => undefined } = options;
  const file = await openBundleFile(path);
  try {
    const bundle = await readBundle(file, (lines) => onProgress({ lines, streams: 0 }));
    const { failed, ...proved } = checkProof(bundle, trust);
    const nothingMissing = checkStreams(bundle);
    const readable = await checkReport(file, bundle);
    let streams = 0;
    const { reDecided, failures } = await checkDecisions(bundle, () => {
      streams += 1;
      if (streams % 100 === 0) onProgress({ lines: bundle.records.length, streams });
    });
    const claims = { ...proved, nothingMissing, reDecided, readable };
    return { ...claims, outcome: outcomeOf(claims, failed), header: bundle.header, failures };
  } finally {
    await file.close();
  }
}

function outcomeOf(claims: BundleClaims, failed: boolean): BundleVerdict['outcome'] {
  const { nothingAltered, nothingMissing, signed, readable, reDecided } = claims;
  if (failed || nothingMissing.verdict === 'no' || readable.verdict === 'no') return 'failed';
  if (reDecided.verdict === 'no') return 'diverged';
  // Whoever forges a bundle can sign it with a key of their own, so a claim that nobody decided is no success.
  const all = [nothingAltered, nothingMissing, signed, readable, reDecided];
  return all.every(({ verdict }) => verdict === 'yes') ? 'ok' : 'inconclusive';
}
