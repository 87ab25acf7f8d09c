import { Command } from 'commander';
import { PawlError } from '../kernel/pawl-error.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import { generateSigningKey } from '../ledger/audit/note-key.ts';
import { type NoteSigner, parseSigningKey } from '../ledger/audit/signed-note.ts';
import { type CommonOptions, positiveInteger, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, type OpenedForCli, openUnsealed } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import {
  memoryOf,
  mustContinue,
  type Registration,
  readRegistrations,
  type SealContext,
  sealSession,
  signFromNowOn,
} from './seal-session.ts';
import {
  findSigningKey,
  readSigningKey,
  rotatedKeyPath,
  signingKeyPaths,
  writeSigningKey,
} from './signing-key-file.ts';

const everyRecordsDefault = 1000;

interface InitOptions extends CommonOptions {
  readonly origin?: string;
  readonly every?: number;
  readonly newKey?: boolean;
}

export function initCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('init')
    .summary('make a ledger whose checkpoints are signed')
    .description(
      'Makes the ledger if there is none, makes an Ed25519 signing key and registers it. From then on every command that writes signs checkpoints. Again on a ledger that has a key it changes nothing.',
    )
    .option(
      '--origin <name>',
      'what the ledger is called in its checkpoints (default: a name nobody else has)',
    )
    .option(
      '--every <count>',
      `sign a checkpoint at least every so many records (default: ${everyRecordsDefault})`,
      positiveInteger,
    )
    .option('--new-key', 'replace the key from here on; what was signed before stays signed with the old one')
    .action(async (options: InitOptions) => {
      const output = processOutput(options.json === true);
      const { isNew, ...opened } = await openUnsealed(ledgerAddress(options.ledger), 'create');
      try {
        await init(opened, { ...opened, isNew, note: output.note }, options, output);
      } finally {
        await opened.ledger.close();
      }
      finish(exitCodes.ok);
    });
  withCommonOptions(command).addHelpText(
    'after',
    `
Environment:
  PAWL_KEY         file of the private key (default: $XDG_CONFIG_HOME/pawl/keys/ORIGIN.key)
  PAWL_UNSIGNED=1  commands that write sign nothing
  XDG_STATE_HOME   checkpoints are remembered below it, in pawl/checkpoints`,
  );
  return withExamples(command, {
    'pawl init': 'before the first run',
    'pawl init --origin example.com/ledger': 'a name that says whose it is',
    'pawl init --new-key': 'when somebody may have read the old key',
  });
}

async function init(
  { ledger, writer, ids }: OpenedForCli,
  context: SealContext,
  options: InitOptions,
  output: Output,
): Promise<void> {
  const registrations = await readRegistrations(ledger);
  const current = registrations.at(-1);
  if (current !== undefined && options.newKey !== true) {
    mustAgree(current, options);
    const signer = await findSigningKey(current.origin, current.verifierKey);
    await sealSession(context);
    tell(ledger.address, current, await pathOf(current, signer), false, output);
    return;
  }
  const origin = options.origin ?? current?.origin ?? `pawl.local/${ids.next()}`;
  // Also what was signed under this name by a ledger that is not this one.
  await mustContinue(ledger, await memoryOf(context, [...registrations.map((each) => each.origin), origin]));
  const { signer, path } = current === undefined ? await firstKey(origin) : await anotherKey(origin);
  const everyRecords = options.every ?? current?.everyRecords ?? everyRecordsDefault;
  const registration = { origin, verifierKey: signer.verifierKey, everyRecords };
  // The key is on disk before the ledger asks for it, so that a process that is killed leaves at most a key that nothing needs.
  const revision = await ledger.lastRevision(auditStreams.keys);
  const draft = ledger.draft({ type: 'SigningKeyRegistered', data: registration }, writer, null);
  await ledger.append(auditStreams.keys, revision, [draft]);
  const memory = await memoryOf(context, [...registrations.map((each) => each.origin), origin]);
  // Closing finds the registration without a checkpoint, and signs the first one.
  await signFromNowOn(context, memory, registration, signer);
  tell(ledger.address, registration, path, true, output);
}

/** A key that an earlier try left behind is used: nothing else can have been signed with it but this ledger. */
async function firstKey(origin: string): Promise<KeyAtHand> {
  const path = signingKeyPaths(origin, null)[0] as string;
  const made = generateSigningKey(origin).signingKey;
  if (await writeSigningKey(path, made)) return { signer: parseSigningKey(made), path };
  const signer = await readSigningKey(path);
  if (signer?.name === origin) return { signer, path };
  throw new PawlError(
    'SIGNING_KEY_INVALID',
    `${path} holds the key of "${signer?.name ?? 'nobody'}", not of "${origin}". Name another file with PAWL_KEY, or another --origin.`,
    { context: { path } },
  );
}

/** Beside the one before it, which is never written over: what it signed can still be shown to be signed with it. */
async function anotherKey(origin: string): Promise<KeyAtHand> {
  const { signingKey, verifierKey } = generateSigningKey(origin);
  const named = process.env['PAWL_KEY'];
  const path = named === undefined || named === '' ? rotatedKeyPath(origin, verifierKey) : named;
  if (await writeSigningKey(path, signingKey)) return { signer: parseSigningKey(signingKey), path };
  throw new PawlError(
    'OUTPUT_EXISTS',
    `${path} is there already, and a key is never written over. Name another file with PAWL_KEY.`,
    { context: { path } },
  );
}

interface KeyAtHand {
  readonly signer: NoteSigner;
  readonly path: string;
}

/** What cannot be had without a new registration is not silently left out. */
function mustAgree(current: Registration, { origin, every }: InitOptions): void {
  const differs =
    (origin !== undefined && origin !== current.origin) ||
    (every !== undefined && every !== current.everyRecords);
  if (!differs) return;
  throw new PawlError(
    'USAGE',
    `The ledger is "${current.origin}" already, with a checkpoint every ${current.everyRecords} records. Add --new-key to register anew.`,
    { context: { origin: current.origin } },
  );
}

async function pathOf({ origin, verifierKey }: Registration, signer: NoteSigner): Promise<string> {
  for (const path of signingKeyPaths(origin, verifierKey)) {
    if ((await readSigningKey(path))?.verifierKey === signer.verifierKey) return path;
  }
  return '';
}

function tell(address: string, registration: Registration, key: string, made: boolean, output: Output): void {
  const { origin, verifierKey, everyRecords } = registration;
  output.record({ type: 'init', address, origin, verifierKey, everyRecords, key, made });
  output.text(
    `${made ? 'Checkpoints of' : 'Nothing to do: checkpoints of'} ${address} are signed, every ${everyRecords} records at least.`,
  );
  output.text(`Origin        ${origin}`);
  output.text(`Verifier key  ${verifierKey}`);
  output.text(`Private key   ${key}`);
  if (!made) return;
  output.note(
    'Give the verifier key to whoever shall check this ledger. Keep the private key away from whoever shall be held to it: with key and file together, history can be written anew.',
  );
}
