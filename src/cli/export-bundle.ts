import { basename } from 'node:path';
import type { Bundle } from '../exchange/bundle/bundle.ts';
import { bundleFormat, isProposalHeader, scopeMembers } from '../exchange/bundle/bundle-format.ts';
import { type MadeBundle, makeBundle } from '../exchange/bundle/make-bundle.ts';
import { redactable } from '../exchange/bundle/redaction.ts';
import type { BundleScope } from '../exchange/bundle/select-records.ts';
import { type WrittenBundle, writeBundle } from '../exchange/bundle/write-bundle.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { pawlVersion } from '../kernel/pawl-version.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { ExportOptions } from './export-options.ts';
import { fileNameOf, mustNotShowSealed, nameOf, scopeOf } from './export-scope.ts';
import { ledgerAddress, type OpenedForCli, openForCli } from './open-for-cli.ts';
import type { Output } from './output.ts';

const progressMs = 1000;
const format = `pawl-bundle/${bundleFormat}`;

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
    const scope = await scopeOf(opened.ledger, options);
    const made = await make(opened, scope, options).catch((error: unknown) => {
      const isLater = isPawlError(error, 'RUN_NOT_FOUND') || isPawlError(error, 'PROPOSAL_NOT_FOUND');
      if (wantsAll && isLater) return null;
      throw error;
    });
    if (made === null || (wantsAll && made.later > 0)) return null;
    if (options.for === undefined) await mustNotShowSealed(opened.ledger, made.bundle);
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
  const scope =
    options.for === undefined ? nameOf(bundle.header) : `${nameOf(bundle.header)} for ${options.for}`;
  const path = options.out ?? `${fileNameOf(bundle.header)}.pawl.html`;
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
  options: ExportOptions,
  output: Output,
): void {
  const { header } = bundle;
  const { records, size, root, checkpoint } = header;
  const standings = [...bundle.blobs.values()].map(({ standing }) => standing);
  const redacted = standings.filter((standing) => standing === 'redacted').length;
  const erased = standings.filter((standing) => standing === 'erased').length;
  const outside = standings.filter((standing) => standing === 'outside').length;
  const texts = standings.length - redacted - erased - outside;
  const verifierKey = checkpoint?.verifierKey ?? null;
  output.record({
    ...{
      type: 'export',
      format,
      path,
      file,
      bytes,
      ...scopeMembers(header),
      records,
      blobs: standings.length,
    },
    ...{
      redacted,
      erased,
      ...(outside === 0 ? {} : { outside }),
      size,
      root,
      verifierKey,
      later,
      recorded: options.record,
    },
  });
  output.text(
    `Wrote ${path}: ${nameOf(header)} with ${records} records and ${texts} texts, ${(bytes / 1024).toFixed(0)} KiB.`,
  );
  output.text(
    verifierKey === null
      ? `Nobody signed it: this ledger has no signing key (\`pawl init\` makes one). The proof leads to the root of its ${size} records.`
      : `The proof leads to the checkpoint of ${size} records, signed with ${verifierKey}`,
  );
  if (redacted > 0)
    output.text(`Withheld: ${redacted} texts (${header.redacted.join(', ')}); their digests are in it.`);
  if (erased > 0) output.text(`Erased before: ${erased} texts; their digests are in it.`);
  if (outside > 0)
    output.text(
      `Of other proposals: ${outside} texts, what their checks decided from and what was shown for them; their digests are in it.`,
    );
  if (options.for !== undefined && isProposalHeader(header))
    output.text(
      `It is for ${options.for}. What it shows of held-out items is for nobody and nothing that proposes.`,
    );
  if (later > 0) {
    output.note(
      `${later} records of it came after the newest signed checkpoint and are not in the file. Without --no-record and with the signing key at hand, a checkpoint is signed first.`,
    );
  }
  const key = verifierKey === null ? '' : ` --verifier-key '${verifierKey}'`;
  output.note(`Whoever gets it checks it with: pawl verify --bundle ${basename(path)}${key}`);
}
