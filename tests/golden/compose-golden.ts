import type { StreamName } from '../../src/kernel/brand.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { newBlob } from '../../src/ledger/ledger.ts';
import { forkEpisode } from '../../src/loop/fork-episode.ts';
import { episodeStream, suiteStream } from '../../src/loop/stream-names.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { scriptedFingerprint } from '../strategies/scripted/scripted-ports.ts';
import { type Desk, openDesk, planRuns, unlimited, workOn } from '../strategies/scripted/scripted-runs.ts';
import { auditStory, type ErasedText, eraseStory, importStory, registerKey } from './compose-evidence.ts';
import { goldenGenerator, goldenSandbox, goldenTasks, goldenTemplate } from './golden-story.ts';
import { improvementStory } from './improvement-story.ts';
import { workStory } from './work-story.ts';

/** A ledger as two texts of JSON lines: the exact record bytes in ledger order, and the blobs by digest. */
export interface GoldenTexts {
  readonly records: string;
  readonly blobs: string;
}

/** Tells the golden story with a clock and ids from seeds: the same bytes each time, as long as the product means the same. */
export async function composeGolden(): Promise<GoldenTexts> {
  const desk = await openDesk('golden');
  const signer = await registerKey(desk);
  const chain = strategyRef(strategyNamed('sequential-feedback'), { candidates: 5 });
  const unary = strategyRef(strategyNamed('unary-retry'), { candidates: 3 });
  const plan = { tasks: goldenTasks, seed: 'golden' };
  const runs = await planRuns(desk, { ...plan, strategies: [chain, unary], budget: unlimited });
  await freezeSplit(desk);
  for (const run of runs) await pauseAndFinish(desk, run);
  const wide = strategyRef(strategyNamed('best-of-n'), { candidates: 6, width: 2, stop: 'never' });
  const budget = { candidates: 5, executions: 3, tokens: 400, stepsPerExecution: null };
  for (const run of await planRuns(desk, { ...plan, strategies: [wide], budget, prompt: goldenTemplate }))
    await pauseAndFinish(desk, run);
  await branch(desk, runs[0] as StreamName);
  await importStory(desk);
  await improvementStory(desk);
  await workStory(desk);
  // Checkpoints at definite places: when a signer decides by itself depends on how promises interleave.
  await signer.closing();
  const erased = await eraseStory(desk, runs[1] as StreamName);
  await auditStory(desk, runs[1] as StreamName);
  await signer.closing();
  return {
    records: await recordLines(desk.ledger.store),
    blobs: await blobLines(desk.ledger.store, [erased]),
  };
}

/** An episode goes another way from the middle of its search on, under another strategy, another prompt and a larger budget. */
async function branch(desk: Desk, run: StreamName): Promise<void> {
  const services = { ledger: desk.ledger, ids: desk.ids, writer: { actor: 'test', correlation: 'test' } };
  const strategy = strategyRef(strategyNamed('unary-retry'), { candidates: 4 });
  const prompt = `${goldenTemplate}{{#turns}}\n{{number}}. {{program}}\n{{#feedback}}{{feedback}}{{/feedback}}\n{{/turns}}\n`;
  const forked = await forkEpisode(
    { episode: episodeStream(run, 0), at: 8, strategy, budget: { candidates: 4 }, prompt },
    { ...services, scorer: testsScorer, fingerprint: async () => scriptedFingerprint },
  );
  await workOn(desk, forked.run, { generator: goldenGenerator(), sandbox: goldenSandbox(), concurrency: 1 });
}

/** What freezing a split of the suite looks like in the ledger. */
async function freezeSplit({ ledger }: Desk): Promise<void> {
  const suite = makeSuite('scripted', 'scripted', goldenTasks).digest;
  const ids = goldenTasks.slice(0, 3).map(({ view }) => view.id);
  const { blob, ref } = newBlob(canonicalJson(ids));
  const data = { suite, split: 'optimize', seed: 'golden', tasks: ids.length, members: ref };
  const draft = ledger.draft({ type: 'SplitFrozen', data }, { actor: 'test', correlation: 'test' }, null);
  await ledger.append(suiteStream(suite), 0, [draft], [blob]);
}

async function pauseAndFinish(desk: Desk, run: StreamName): Promise<void> {
  const pause = new AbortController();
  let events = 0;
  const onEvent = (): void => {
    events += 1;
    if (events > 25) pause.abort();
  };
  const ports = { generator: goldenGenerator(), sandbox: goldenSandbox(), concurrency: 1 };
  await workOn(desk, run, { ...ports, pause: pause.signal, onEvent });
  await workOn(desk, run, ports);
}

async function recordLines(store: EventStore): Promise<string> {
  let lines = '';
  for await (const { bytes } of store.readAll()) lines += `${Buffer.from(bytes).toString('utf8')}\n`;
  return lines;
}

/** Erased blobs are among them, marked: who loads the ledger stores them and erases them again. */
async function blobLines(store: EventStore, erased: readonly ErasedText[]): Promise<string> {
  let lines = erased.map((blob) => `${canonicalJson({ ...blob, erased: true })}\n`).join('');
  for await (const digest of store.blobDigests()) {
    const text = Buffer.from(await store.getBlob(digest)).toString('utf8');
    lines += `${canonicalJson({ digest, text })}\n`;
  }
  return lines;
}
