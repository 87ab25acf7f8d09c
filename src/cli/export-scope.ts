import { heldOutUseProjection, sealedRuns } from '../../projections/held-out-use.ts';
import { partySchema } from '../events/party.ts';
import type { Bundle } from '../exchange/bundle/bundle.ts';
import { type BundleHeader, isProposalHeader, scopeMembers } from '../exchange/bundle/bundle-format.ts';
import type { BundleScope } from '../exchange/bundle/select-records.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readProjection } from '../ledger/snapshots/read-projection.ts';
import { readLine } from '../loop/improve/improvement-line.ts';
import { improvementStream } from '../loop/stream-names.ts';
import type { ExportOptions } from './export-options.ts';
import { findLine } from './find-line.ts';
import { findProposal } from './find-proposal.ts';
import { type FindableRuns, findRun } from './find-run.ts';
import { readRuns } from './read-projections.ts';

/** Of `ExportWritten`. */
const scopeCharactersMax = 200;

/**
 * What the options of an export name. @throws PawlError `USAGE`, `RUN_NOT_FOUND`, `IMPROVEMENT_NOT_FOUND`, `PROPOSAL_NOT_FOUND`
 */
export async function scopeOf(ledger: Ledger, options: ExportOptions): Promise<BundleScope> {
  const { proposal, line, run, episode } = options;
  if (options.for !== undefined && !partySchema.safeParse(options.for).success)
    throw new PawlError(
      'USAGE',
      `--for takes who gets it, as KIND:NAME, such as person:auditor; not "${options.for}".`,
    );
  if (proposal === undefined) {
    const wrong = line !== undefined ? '--line' : options.for !== undefined ? '--for' : null;
    if (wrong !== null) throw new PawlError('USAGE', `${wrong} goes with --proposal.`);
    return runScope(await readRuns(ledger), run ?? 'latest', episode);
  }
  if (run !== undefined || episode !== undefined)
    throw new PawlError('USAGE', 'A bundle is of a run or of a proposal: leave out --run and --episode.');
  const improvement = improvementStream(await findLine(ledger, line));
  const { state } = await readLine(ledger, improvement);
  const scope = { improvement, proposal: findProposal(state, proposal) };
  const named = `${improvement}/${scope.proposal} for ${options.for ?? ''}`;
  if (named.length > scopeCharactersMax)
    throw new PawlError(
      'USAGE',
      `"${options.for}" is too long a name for what the ledger writes down. Shorten it.`,
    );
  return scope;
}

/**
 * Runs on held-out items that are still in use are for nobody who could tell a proposer.
 *
 * @throws PawlError `HELD_OUT_SEALED`
 */
export async function mustNotShowSealed(ledger: Ledger, { header }: Bundle): Promise<void> {
  if (!isProposalHeader(header)) return;
  const runs = sealedRuns(await readProjection(ledger, heldOutUseProjection));
  if (!header.streams.some(({ name }) => runs.has(name))) return;
  throw new PawlError(
    'HELD_OUT_SEALED',
    'The file would show results on held-out items that are still in use. Name who gets it (--for person:auditor): the ledger writes that down, and whoever gets it must keep it from everybody and everything that proposes. Or wait until these items are retired.',
    { context: { ...scopeMembers(header) } },
  );
}

/** Names what a bundle is of. */
export function nameOf(header: BundleHeader): string {
  return isProposalHeader(header)
    ? `${header.improvement}/${header.proposal}`
    : (header.episode ?? header.run);
}

export function fileNameOf(header: BundleHeader): string {
  return nameOf(header).replaceAll('/', '-');
}

function runScope(state: FindableRuns, name: string, episode: string | undefined): BundleScope {
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
