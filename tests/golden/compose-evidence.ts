import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import { planImport } from '../../src/exchange/import-plan.ts';
import { importRun } from '../../src/exchange/import-run.ts';
import { importerNamed } from '../../src/exchange/importers/registry.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { auditStreams } from '../../src/ledger/audit/audit-streams.ts';
import { CheckpointSigner } from '../../src/ledger/audit/checkpoint-signer.ts';
import { parseSigningKey } from '../../src/ledger/audit/signed-note.ts';
import { eraseBlob } from '../../src/ledger/erase-blob.ts';
import { episodeStream } from '../../src/loop/stream-names.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import type { Desk } from '../strategies/scripted/scripted-runs.ts';
import { importedRows, importedTasks } from './imported-story.ts';

export interface ErasedText {
  readonly digest: Digest;
  readonly text: string;
}

const writer = { actor: 'test', correlation: 'test' };

/** A key for this story and nothing else: made once, so that the signatures are the same each time. */
const signingKey = 'PRIVATE+KEY+pawl.example/golden+9fdb0ee2+AaTyPGi/Pa38V6lwkAVPeITe4g0lFkgtT8qGw3dIkjml';

/** What is done to and with a ledger rather than in it; each event through the code that writes it, where there is such code. */
export async function registerKey({ ledger }: Desk): Promise<CheckpointSigner> {
  const signer = parseSigningKey(signingKey);
  const { name: origin, verifierKey } = signer;
  const data = { origin, verifierKey, everyRecords: 100 };
  await append({ ledger } as Desk, auditStreams.keys, -1, { type: 'SigningKeyRegistered', data });
  return CheckpointSigner.begin({
    ...{ ledger, signer, everyRecords: data.everyRecords, writer },
    onSigned: async () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
}

/** Another tool's run of three tasks: solved at once, solved later with a program said twice, and never. */
export async function importStory({ ledger, clock }: Desk): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'golden-'));
  try {
    const path = join(directory, 'golden.results.jsonl');
    writeFileSync(path, importedRows);
    const suite = makeSuite('imported', 'recorded', importedTasks);
    const plan = await planImport(path, importerNamed('recorded-run'), suite, null);
    const pause = new AbortController().signal;
    await importRun(plan, { ledger, writer, clock, pause, onEpisode: () => undefined });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Erases the second prompt of an episode; gives what it said, so that the golden files can tell the story again. */
export async function eraseStory({ ledger }: Desk, run: StreamName): Promise<ErasedText> {
  const prompts: Digest[] = [];
  for await (const event of ledger.readStream(episodeStream(run, 0))) {
    if (event.type === 'GenerationRequested') prompts.push(event.data.prompt.digest);
  }
  const digest = prompts[1] as Digest;
  const text = await ledger.getText(digest);
  await eraseBlob(ledger, digest, 'a secret stood in the prompt', writer);
  return { digest, text };
}

/** What commands write down of their own doing. */
export async function auditStory(desk: Desk, run: StreamName): Promise<void> {
  const { size, root } = await desk.ledger.head();
  await append(desk, auditStreams.replays, -1, {
    type: 'ReplayFinished',
    data: {
      ...{ mode: 'replay', scope: 'all', verdict: 'inconclusive', streams: 24, compared: 321, size },
      ...{ diverged: 0, inconclusive: 1, pawl: '0.2.0' },
    },
  });
  await append(desk, auditStreams.findings, -1, {
    type: 'FindingRaised',
    data: {
      ...{ run, finding: 'over-accepted', findingVersion: 1, level: 'warning', count: 1 },
      message: '1 of 3 answers that pass the public tests fail the hidden ones',
      evidence: [{ stream: episodeStream(run, 0), revision: 7 }],
    },
  });
  await append(desk, auditStreams.exports, -1, {
    type: 'ExportWritten',
    data: {
      ...{ format: 'bundle 1', scope: run, records: 120, blobs: 80, redacted: 2, size },
      ...{ file: sha256Hex('a file'), root: Buffer.from(root).toString('hex') as Digest },
    },
  });
}

async function append(
  { ledger }: Desk,
  stream: StreamName,
  revision: number,
  event: PawlEvent,
): Promise<void> {
  await ledger.append(stream, revision, [ledger.draft(event, writer, null)]);
}
