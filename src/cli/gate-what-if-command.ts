import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { EvidenceFound } from '../../gates/checks/evidence.ts';
import { type WhatIfRow, whatIf } from '../../gates/checks/what-if.ts';
import { type GateDefinition, parseGateDefinition } from '../../gates/definition/gate-definition.ts';
import type { Governance } from '../../gates/governance/governance.ts';
import { levelText } from '../../gates/planner/plan-wording.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { evidenceIn } from '../loop/improve/evidence-in.ts';
import { readLine } from '../loop/improve/improvement-line.ts';
import { improvementStream } from '../loop/stream-names.ts';
import { hasScheme } from './address-kind.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findLine } from './find-line.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { table } from './table.ts';

const policies = ['certified', 'every-candidate', 'explore', 'fresh-shard'] as const;

interface WhatIfOptions extends CommonOptions {
  readonly line?: string;
  readonly policy?: (typeof policies)[number];
  readonly gate?: string;
}

export function gateWhatIfCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('what-if')
    .summary('decide the history of a line again, under another gate')
    .description(
      'Walks the recorded examinations with the chain and the alpha ledger of another gate, without running anything. Where that gate asks for outcomes that were never recorded, the answer is "unknown"; from the first answer that would have changed a champion on, the rest is about the recorded comparisons only (marked ~). Held-out outcomes stay sealed until their epoch has ended.',
    )
    .argument(
      '[ledger-or-line]',
      'a ledger (a file or an address), or a line of improvement (default: the only line of the ledger)',
    )
    .option('--line <name>', 'line of improvement, where a ledger is given')
    .addOption(new Option('--policy <name>', 'another policy').choices(policies))
    .option('--gate <file>', 'JSON with the settings that change')
    .action(async (place: string | undefined, options: WhatIfOptions) => {
      if (options.policy === undefined && options.gate === undefined)
        throw new PawlError('USAGE', 'Say what should be otherwise: --policy NAME, or --gate FILE.');
      const output = processOutput(options.json === true);
      const isLedger = place !== undefined && (hasScheme(place) || existsSync(place));
      const { ledger } = await openForCli(ledgerOf(isLedger ? place : undefined, options.ledger), 'read');
      try {
        const line = await findLine(ledger, options.line ?? (isLedger ? undefined : place));
        report(line, await decideAgain(ledger, line, options), output);
        finish(exitCodes.ok);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl gate what-if --policy every-candidate': 'without a dev screen, with alpha shared among the tests',
    'pawl gate what-if pawl.db --gate stricter.json': 'under other settings',
  });
}

function ledgerOf(place: string | undefined, option: string | undefined): string {
  if (place === undefined) return ledgerAddress(option);
  return hasScheme(place) ? place : `sqlite:${place}`;
}

async function decideAgain(
  ledger: Ledger,
  line: string,
  options: WhatIfOptions,
): Promise<readonly WhatIfRow[]> {
  const stream = improvementStream(line);
  const { state } = await readLine(ledger, stream);
  if (state.gate === null)
    throw new PawlError(
      'IMPROVEMENT_NOT_FOUND',
      `The line "${line}" has no gate yet, so nothing was decided.`,
    );
  const other = await otherGate(state.gate.definition, options);
  const sealed = await sealedEvidence(ledger, stream, state);
  const lookup = (digest: Digest): EvidenceFound | Promise<EvidenceFound> =>
    sealed.has(digest) ? 'missing' : evidenceIn(ledger, digest);
  const proposals = new Set(sealed.values());
  return (await whatIf(ledger.readStream(stream), lookup, other)).map((row) =>
    row.other === 'unknown' && proposals.has(row.proposal) ? { ...row, why: stillSealed } : row,
  );
}

const stillSealed =
  'Sealed: to ask what other levels would have made of held-out outcomes is to read them. It can be asked once their epoch has ended.';

/** Evidence on held-out items of an epoch that goes on, with the proposal it is about. */
async function sealedEvidence(
  ledger: Ledger,
  stream: StreamName,
  { epoch }: Governance,
): Promise<ReadonlyMap<Digest, string>> {
  const sealed = new Map<Digest, string>();
  if (epoch === null || epoch.exhausted !== null) return sealed;
  for await (const event of ledger.readStream(stream)) {
    if (event.type === 'HeldOutOpened') sealed.clear();
    if (event.type === 'CheckFinished' && event.data.sealed)
      sealed.set(event.data.evidence.digest, event.data.proposal);
  }
  return sealed;
}

async function otherGate(
  definition: GateDefinition,
  { policy, gate }: WhatIfOptions,
): Promise<GateDefinition> {
  const changes = gate === undefined ? {} : await readSettings(gate);
  return parseGateDefinition({ ...definition, ...changes, ...(policy === undefined ? {} : { policy }) });
}

async function readSettings(path: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
    throw new Error('it is no JSON object');
  } catch (cause) {
    throw new PawlError('GATE_INVALID', `--gate ${path} is not usable: ${messageOf(cause)}`, { cause });
  }
}

function report(line: string, rows: readonly WhatIfRow[], output: Output): void {
  const shown = rows.map(({ proposal, recorded, other, level, why, isCertain }) => [
    proposal.slice(-6),
    recorded,
    `${isCertain ? '' : '~ '}${other}`,
    level === null ? '-' : levelText(level),
    recorded === other ? '' : why,
  ]);
  if (shown.length > 0)
    output.text(table(['proposal', 'recorded', 'otherwise', 'level', 'why it differs'], shown));
  const differ = rows.filter(({ recorded, other }) => other !== recorded && other !== 'unknown').length;
  const unknown = rows.filter(({ other }) => other === 'unknown').length;
  const certain = rows.filter(({ isCertain, other }) => isCertain && other !== 'unknown').length;
  const atLeast = unknown === 0 ? '' : 'at least ';
  const promoted = (of: 'recorded' | 'other'): number => rows.filter((row) => row[of] === 'promote').length;
  output.text(
    `${rows.length} decision${rows.length === 1 ? '' : 's'} of ${line}: ${differ} come out otherwise, ${unknown} cannot be known; promoted: ${atLeast}${promoted('other')} instead of ${promoted('recorded')}. Certain: the first ${certain}.`,
  );
  for (const row of rows) output.record({ type: 'what-if-row', ...row });
  const counts = { decisions: rows.length, differ, unknown, certain };
  output.record({
    type: 'what-if',
    line,
    ...counts,
    promoted: promoted('other'),
    promotedRecorded: promoted('recorded'),
  });
}
