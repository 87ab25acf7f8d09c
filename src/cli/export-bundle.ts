import { basename } from 'node:path';
import type { RunsState } from '../../projections/run.ts';
import type { Bundle } from '../exchange/bundle/bundle.ts';
import { bundleFormat } from '../exchange/bundle/bundle-format.ts';
import { type MadeBundle, makeBundle } from '../exchange/bundle/make-bundle.ts';
import { type Redactable, redactable } from '../exchange/bundle/redaction.ts';
import type { BundleScope } from '../exchange/bundle/select-records.ts';
import { type WrittenBundle, writeBundle } from '../exchange/bundle/write-bundle.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { pawlVersion } from '../kernel/pawl-version.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import type { CommonOptions } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { ledgerAddress, type OpenedForCli, openForCli } from './open-for-cli.ts';
import type { Output } from './output.ts';
import { readRuns } from './read-projections.ts';

const progressMs = 1000;
const format = `pawl-bundle/${bundleFormat}`;

export interface ExportOptions extends CommonOptions {
  readonly run: string;
  readonly episode?: string;
  /** All kinds where none is named. */
  readonly redact?: readonly Redactable[] | true;
  readonly out?: string;
  readonly force?: boolean;
  readonly record: boolean;
}

/** Writes a bundle of what the options name, and writes down that it did. */
export async function exportBundle(options: ExportOptions, output: Output): Promise<ExitCode> {
  // A session that is closed signs what it leaves; one that was killed could not, and this one does it in its place.
  return (
    (await tryExport(options, output, options.record)) ??
    (await tryExport(options, output, false)) ??
    exitCodes.error
  );
}

/** Null where the newest checkpoint does not cover all of it and `wantsAll`: after closing, the next one does. */
async function tryExport(
  options: ExportOptions,
  output: Output,
  wantsAll: boolean,
): Promise<ExitCode | null> {
  const opened = await open(options);
  try {
    const scope = scopeOf(await readRuns(opened.ledger), options);
    const made = await make(opened, scope, options).catch((error: unknown) => {
      if (wantsAll && isPawlError(error, 'RUN_NOT_FOUND')) return null;
      throw error;
    });
    if (made === null || (wantsAll && made.later > 0)) return null;
    return await write(opened, made, options, output);
  } finally {
    await opened.ledger.close();
  }
}

/** Only writing down that there was an export needs a ledger that can be written. */
async function open({ ledger, record }: ExportOptions): Promise<OpenedForCli> {
  const address = ledgerAddress(ledger);
  if (!record) return openForCli(address, 'read');
  return openForCli(address, 'write').catch((error: unknown) => {
    if (!isPawlError(error, 'LEDGER_BUSY') && !isPawlError(error, 'STORAGE_FAILED')) throw error;
    const { code, message, context } = error;
    throw new PawlError(
      code,
      `${message} With --no-record the export is made without writing to the ledger.`,
      {
        context,
        cause: error,
      },
    );
  });
}

function make({ ledger }: OpenedForCli, scope: BundleScope, { redact }: ExportOptions): Promise<MadeBundle> {
  const kinds = redact === true ? redactable : (redact ?? []);
  return makeBundle(ledger, scope, { redact: kinds, pawl: pawlVersion });
}

async function write(
  { ledger, writer }: OpenedForCli,
  { bundle, later }: MadeBundle,
  options: ExportOptions,
  output: Output,
): Promise<ExitCode> {
  const scope = bundle.header.episode ?? bundle.header.run;
  const path = options.out ?? `${scope}.pawl.html`;
  const written = await writeBundle(bundle, path, {
    force: options.force === true,
    onProgress: everySecond(output, bundle),
    // Before the file is there to be sent: a file that nobody wrote down must not exist.
    beforeAppearing: async (file) => {
      if (!options.record) return;
      const event = { type: 'ExportWritten' as const, data: exportData(bundle, scope, file) };
      const revision = await ledger.lastRevision(auditStreams.exports);
      await ledger.append(auditStreams.exports, revision, [ledger.draft(event, writer, null)]);
    },
  });
  report(bundle, later, written, path, options, output);
  return exitCodes.ok;
}

function exportData({ header, blobs }: Bundle, scope: string, { file }: WrittenBundle) {
  const redacted = [...blobs.values()].filter(({ standing }) => standing === 'redacted').length;
  const { records, size, root } = header;
  return { format, scope, records, blobs: blobs.size, redacted, file, size, root };
}

function scopeOf(state: RunsState, { run: name, episode }: ExportOptions): BundleScope {
  const found = findRun(state, name);
  if (episode === undefined) {
    return { run: found.run, episode: found.kind === 'episode' ? found.episode : null };
  }
  if (found.kind === 'episode') {
    throw new PawlError('USAGE', `"${name}" is an episode already; leave out --episode.`);
  }
  const separator = /^\d+$/.test(episode) ? '.' : ':';
  const named = findRun(
    state,
    episode.startsWith('episode-') ? episode : `${found.run}${separator}${episode}`,
  );
  if (named.kind === 'episode' && named.run === found.run) return { run: named.run, episode: named.episode };
  throw new PawlError('RUN_NOT_FOUND', `"${episode}" is no episode of ${found.run}.`, {
    context: { run: found.run, wanted: episode },
  });
}

function everySecond(output: Output, { header }: Bundle): (done: { records: number; blobs: number }) => void {
  let saidMs = systemClock.monotonic();
  return ({ records, blobs }) => {
    const now = systemClock.monotonic();
    if (now - saidMs < progressMs) return;
    saidMs = now;
    output.note(`written: ${records} of ${header.records} records, ${blobs} of ${header.blobs} texts …`);
  };
}

function report(
  bundle: Bundle,
  later: number,
  { file, bytes }: WrittenBundle,
  path: string,
  { record: isRecorded }: ExportOptions,
  output: Output,
): void {
  const { header } = bundle;
  const { run, episode, records, size, root, checkpoint } = header;
  const standings = [...bundle.blobs.values()].map(({ standing }) => standing);
  const redacted = standings.filter((standing) => standing === 'redacted').length;
  const erased = standings.filter((standing) => standing === 'erased').length;
  const texts = standings.length - redacted - erased;
  const verifierKey = checkpoint?.verifierKey ?? null;
  output.record({
    ...{ type: 'export', format, path, file, bytes, run, episode, records, blobs: standings.length },
    ...{ redacted, erased, size, root, verifierKey, later, recorded: isRecorded },
  });
  output.text(
    `Wrote ${path}: ${episode ?? run} with ${records} records and ${texts} texts, ${(bytes / 1024).toFixed(0)} KiB.`,
  );
  output.text(
    verifierKey === null
      ? `Nobody signed it: this ledger has no signing key (\`pawl init\` makes one). The proof leads to the root of its ${size} records.`
      : `The proof leads to the checkpoint of ${size} records, signed with ${verifierKey}`,
  );
  if (redacted > 0)
    output.text(`Withheld: ${redacted} texts (${header.redacted.join(', ')}); their digests are in it.`);
  if (erased > 0) output.text(`Erased before: ${erased} texts; their digests are in it.`);
  if (later > 0) {
    output.note(
      `${later} records of it came after the newest signed checkpoint and are not in the file. Without --no-record and with the signing key at hand, a checkpoint is signed first.`,
    );
  }
  const key = verifierKey === null ? '' : ` --verifier-key '${verifierKey}'`;
  output.note(`Whoever gets it checks it with: pawl verify --bundle ${basename(path)}${key}`);
}
