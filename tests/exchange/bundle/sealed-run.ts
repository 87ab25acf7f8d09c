import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../../../src/exchange/bundle/bundle.ts';
import { isProposalHeader, type RunHeader } from '../../../src/exchange/bundle/bundle-format.ts';
import { makeBundle } from '../../../src/exchange/bundle/make-bundle.ts';
import type { Redactable } from '../../../src/exchange/bundle/redaction.ts';
import { type BundleVerdict, verifyBundle } from '../../../src/exchange/bundle/verify-bundle.ts';
import { bundlePieces } from '../../../src/exchange/bundle/write-bundle.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { noTrust, type Trust } from '../../../src/ledger/verify/trust.ts';
import type { Task } from '../../../src/tasks/task.ts';
import { registerKey, signNow } from '../../ledger/audit/signed-ledger.ts';
import { toyKey } from '../../ledger/audit/toy-log.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { toyTask } from '../../support/toy-language.ts';
import { startToyRun, type ToyRun, type ToySession, toyLedger, workOn } from '../../support/toy-run.ts';

export interface SealedRun {
  readonly ledger: Ledger;
  readonly run: StreamName;
}

export interface SealedRunOptions {
  readonly run?: Partial<ToyRun>;
  readonly session?: ToySession;
  /** No key and no checkpoint. */
  readonly unsigned?: boolean;
}

export const toyTasks: readonly Task[] = [toyTask('a', 3), toyTask('b', 4, { 'f(0)': '9' }), toyTask('c', 2)];

/** A finished run of toy programs in memory, between two other runs, under a checkpoint that a key signed. */
export async function sealedRun(options: SealedRunOptions = {}): Promise<SealedRun> {
  const ledger = toyLedger(openMemoryStore(), 'sealed');
  if (options.unsigned !== true) await registerKey(ledger);
  await otherRun(ledger, 1);
  const plan = {
    strategy: 'sequential-feedback',
    params: { candidates: 4 },
    tasks: toyTasks,
    ...options.run,
  };
  const run = await startToyRun(ledger, plan);
  await workOn(ledger, run, options.session);
  await otherRun(ledger, 2);
  if (options.unsigned !== true) await signNow(ledger);
  return { ledger, run };
}

/** Runs that a bundle is not about; the build they say they were made with gives them names of their own. */
async function otherRun(ledger: Ledger, strategyVersion: number): Promise<void> {
  await startToyRun(ledger, { strategy: 'best-of-n', strategyVersion, tasks: [toyTask('a', 3)] });
}

export async function bundleOf(
  { ledger, run }: SealedRun,
  redact: readonly Redactable[] = [],
  episode: StreamName | null = null,
): Promise<Bundle> {
  const { bundle } = await makeBundle(ledger, { run, episode }, { redact, pawl: '0.0.0' });
  return bundle;
}

/** The file as it would be written. */
export async function bytesOf(bundle: Bundle): Promise<Buffer> {
  const pieces = await Array.fromAsync(bundlePieces(bundle));
  return Buffer.from(pieces.join(''), 'utf8');
}

/** What an auditor does who was given the key by its owner. */
export const pinned: Trust = { checkpoints: [], verifierKeys: [toyKey.verifierKey] };

export function verifyBytes(bytes: Uint8Array, trust: Trust = noTrust): Promise<BundleVerdict> {
  const path = join(temporaryDirectory(), 'sent.pawl.html');
  writeFileSync(path, bytes);
  return verifyBundle(path, { trust });
}

export async function verifyMade(bundle: Bundle, trust: Trust = noTrust): Promise<BundleVerdict> {
  return verifyBytes(await bytesOf(bundle), trust);
}

/** Each claim in a word. */
export function verdictsOf({ nothingAltered, nothingMissing, signed, reDecided, readable }: BundleVerdict) {
  return {
    altered: nothingAltered.verdict,
    missing: nothingMissing.verdict,
    signed: signed.verdict,
    decided: reDecided.verdict,
    readable: readable.verdict,
  };
}

/** @throws Error for a bundle of something else */
export function runHeader({ header }: Bundle): RunHeader {
  if (isProposalHeader(header)) throw new Error('the bundle is of a proposal');
  return header;
}
