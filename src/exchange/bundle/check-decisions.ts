import type { StreamName } from '../../kernel/brand.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Claim } from '../../ledger/verify/claims.ts';
import { LedgerReplay } from '../../loop/replay-ledger.ts';
import type { StreamReplay } from '../../loop/replay-verdict.ts';
import { rederiveImported } from '../rederive-imported.ts';
import { type Bundle, isProposalBundle } from './bundle.ts';
import { isProposalHeader } from './bundle-format.ts';
import { bundleLedger } from './bundle-ledger.ts';
import { checkLine } from './check-line.ts';
import { checkSuite } from './check-suite.ts';
import { proposalRuns } from './proposal-runs.ts';

/** What came of deciding everything in a bundle again. */
export interface DecisionClaims {
  readonly reDecided: Claim;
  /** Streams that diverged or were inconclusive. */
  readonly failures: readonly StreamReplay[];
}

/**
 * Replays every stream of a bundle that is there to be replayed, on nothing but what the bundle holds. A run of which the
 * bundle has one episode is not added up; the episode is held to the run's start all the same. Of a line of improvement that is
 * in it for one proposal, that proposal is decided again.
 */
export async function checkDecisions(
  bundle: Bundle,
  onStream: (replay: StreamReplay) => void = () => undefined,
): Promise<DecisionClaims> {
  const ledger = bundleLedger(bundle);
  const replay = new LedgerReplay(ledger, { rederive: rederiveImported });
  const failures: StreamReplay[] = [];
  let decisions = 0;
  let episodes = 0;
  const runs = await runsOf(bundle, ledger);
  for (const { name } of bundle.header.streams) {
    if (name.startsWith('run-') && !runs.has(name)) continue;
    const done = await replayed(replay, ledger, bundle, name);
    onStream(done);
    if (done.verdict !== 'pass') failures.push(done);
    else decisions += done.decisions;
    if (done.kind === 'episode') episodes += 1;
  }
  return { reDecided: claim(bundle, failures, decisions, episodes), failures };
}

/** Runs that are added up: not those that are there because something was branched off them. */
async function runsOf({ header }: Bundle, ledger: Ledger): Promise<ReadonlySet<StreamName>> {
  if (!isProposalHeader(header)) return new Set(header.episode === null ? [header.run] : []);
  return new Set(proposalRuns(await Array.fromAsync(ledger.readStream(header.improvement)), header.proposal));
}

async function replayed(
  replay: LedgerReplay,
  ledger: Ledger,
  bundle: Bundle,
  name: StreamName,
): Promise<StreamReplay> {
  try {
    if (isProposalBundle(bundle) && name === bundle.header.improvement)
      return await checkLine(ledger, bundle.header);
    const done = await replay.stream(name);
    if (done.kind !== 'suite' || done.verdict !== 'inconclusive') return done;
    // A suite's other tasks are not in the bundle; what they are can still be held to the digests.
    const wrong = await checkSuite(ledger, name);
    const { events } = done;
    if (wrong !== null) return refuted(name, 'suite', events, wrong);
    return { stream: name, kind: 'suite', verdict: 'pass', events, decisions: events, finished: true };
  } catch (error) {
    // Records in the right form can still tell of what no loop does.
    return refuted(name, 'other', 0, `it cannot be replayed: ${messageOf(error)}`);
  }
}

function refuted(
  stream: StreamName,
  kind: StreamReplay['kind'],
  events: number,
  reason: string,
): StreamReplay {
  const divergence = {
    ...{ stream, revision: 0, layer: 'history' as const, reason },
    ...{ asked: null, recorded: null, members: [], texts: [] },
  };
  return { stream, kind, verdict: 'diverged', events, divergence };
}

function claim(
  { header }: Bundle,
  failures: readonly StreamReplay[],
  decisions: number,
  episodes: number,
): Claim {
  const diverged = failures.filter(({ verdict }) => verdict === 'diverged');
  const [first] = diverged;
  if (first?.verdict === 'diverged') {
    const { stream, revision, reason } = first.divergence;
    const others = diverged.length === 1 ? '' : `, and ${diverged.length - 1} more streams diverge`;
    return { verdict: 'no', because: `${stream} diverges at revision ${revision}: ${reason}${others}.` };
  }
  const [open] = failures;
  if (open?.verdict === 'inconclusive') {
    const others =
      failures.length === 1 ? '' : ` ${failures.length - 1} more streams are inconclusive as well.`;
    return {
      verdict: 'unknown',
      because: `${open.stream} is inconclusive: ${sentence(open.missing)}${others}`,
    };
  }
  const all = `All ${decisions} decisions, of ${episodes} ${episodes === 1 ? 'episode' : 'episodes'} and what is around them, come out as recorded.`;
  const because = isProposalHeader(header)
    ? `No event of the line breaks a rule, the verdict follows from the checks, the checks from their evidence and the evidence from the runs. ${all}`
    : all;
  return { verdict: 'yes', because };
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
