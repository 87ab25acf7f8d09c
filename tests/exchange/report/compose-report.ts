import type { PawlEvent } from '../../../src/events/catalogue.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { auditStreams } from '../../../src/ledger/audit/audit-streams.ts';
import { eraseBlob } from '../../../src/ledger/erase-blob.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { signNow } from '../../ledger/audit/signed-ledger.ts';
import { ScriptedGenerator } from '../../support/scripted-generator.ts';
import { ScriptedSandbox } from '../../support/scripted-sandbox.ts';
import { episodeOf } from '../../support/story.ts';
import { forkRunAndWork } from '../../support/toy-fork.ts';
import { toyTask } from '../../support/toy-language.ts';
import { bundleOf, bytesOf, sealedRun } from '../bundle/sealed-run.ts';

const writer = { actor: 'ada', correlation: '' };

/** What the next candidate is told in each of these differs, and so does the page. */
export const reportStrategies = ['sequential-feedback', 'unary-retry'] as const;

/** Bundles whose pages have something to say in every one of their parts. */
export async function composeReport(strategy: (typeof reportStrategies)[number]): Promise<Buffer> {
  let calls = 0;
  const { ledger, run: parent } = await sealedRun({
    run: {
      tasks: [toyTask('first', 3), toyTask('second <b>', 9, { 'f(0)': '9' }), toyTask('third', 1)],
      strategy,
      params: { candidates: 30 },
      runWallMs: 1_000_000,
    },
    session: {
      generator: new ScriptedGenerator({
        fault: (effect, call) =>
          effect.includes('third') && call < 9 ? new Error('no answer \u202e') : null,
      }),
      sandbox: new ScriptedSandbox({
        fault: () => {
          calls += 1;
          return calls === 2 ? new Error('once') : null;
        },
      }),
    },
  });
  const run = await forkRunAndWork(ledger, { run: parent, budget: { tokens: 1700 } }, {});
  await tell(ledger, run);
  await signNow(ledger);
  return bytesOf(await bundleOf({ ledger, run }, ['hidden-outputs']));
}

/** What was found of it, replayed and erased. */
async function tell(ledger: Ledger, run: StreamName): Promise<void> {
  const evidence = [{ stream: episodeOf(run), revision: 3 }];
  const finding = { run, finding: 'over-accepted', findingVersion: 1, count: 2, evidence };
  const replay = { mode: 'replay' as const, scope: run, streams: 5, compared: 40, size: 100, pawl: '0.0.0' };
  await append(ledger, auditStreams.findings, {
    type: 'FindingRaised',
    data: { ...finding, level: 'warning', message: 'Two answers pass <public> tests & fail hidden ones.' },
  });
  await append(ledger, auditStreams.replays, {
    type: 'ReplayFinished',
    data: { ...replay, verdict: 'pass', diverged: 0, inconclusive: 0 },
  });
  for await (const event of ledger.readStream(episodeOf(run, 1))) {
    if (event.type !== 'FeedbackComposed') continue;
    await eraseBlob(ledger, event.data.text.digest, 'a name stood in it', writer);
    return;
  }
}

async function append(ledger: Ledger, stream: StreamName, event: PawlEvent): Promise<void> {
  await ledger.append(stream, await ledger.lastRevision(stream), [ledger.draft(event, writer, null)]);
}
