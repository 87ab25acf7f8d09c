import { existsSync } from 'node:fs';
import { evidenceSchema } from '../../../gates/checks/evidence.ts';
import type { ItemOutcome } from '../../../gates/checks/item-outcome.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { newLine } from '../../../src/cli/line-options.ts';
import { createGenerator } from '../../../src/generators/registry.ts';
import type { Digest } from '../../../src/kernel/brand.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { seededIdSource } from '../../../src/kernel/id-source.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../../src/loop/current-environment.ts';
import type { GateServices } from '../../../src/loop/improve/examine/gate-services.ts';
import { openLine } from '../../../src/loop/improve/examine/open-line.ts';
import { readContents } from '../../../src/loop/improve/examine/slot-contents.ts';
import { standardTaxonomy } from '../../../src/loop/improve/failures/standard-taxonomy.ts';
import { improve } from '../../../src/loop/improve/improve.ts';
import { ImprovementLine } from '../../../src/loop/improve/improvement-line.ts';
import { createProposer } from '../../../src/loop/improve/proposers/registry.ts';
import type { SlotContent } from '../../../src/loop/improve/slot-content.ts';
import { loadSuite } from '../../../src/tasks/registry.ts';
import { baselines, lineOptionsOf, type Setting } from './setting.ts';

/** One proposal of a sitting that the gate examined. */
export interface Examined {
  readonly generator: SlotContent<'generator'>;
  readonly change: string;
  /** Of challenger against working champion on dev; null where the chain did not come to it. */
  readonly dev: readonly ItemOutcome[] | null;
  /** Of challenger against certified champion on the held-out items; null where none was read. */
  readonly heldOut: readonly ItemOutcome[] | null;
  readonly outcome: 'promoted' | 'kept' | 'discarded';
}

export interface HeldSitting {
  readonly baseline: SlotContent<'generator'>;
  readonly certified: SlotContent<'generator'>;
  readonly proposals: readonly Examined[];
}

const lineName = 'main';

/**
 * Holds a sitting as `pawl improve` does, and reads what the gate made of it. One that is in the directory was held before (here
 * or by `pawl improve --ledger sqlite:DIRECTORY/NAME.db`) and is only read.
 *
 * @param path of the ledger's file, or null to keep it in memory
 */
export async function sit(
  setting: Setting,
  seed: string,
  path: string | null,
  { sandbox, workers }: { readonly sandbox: Sandbox; readonly workers: number },
): Promise<HeldSitting> {
  const ids = seededIdSource(systemClock, seededRandom(`real improvement ${seed}`));
  const isThere = path !== null && existsSync(path);
  const options = { mode: isThere ? 'read' : 'write', create: !isThere, clock: systemClock, ids } as const;
  const ledger = await openLedger(path === null ? 'memory:' : `sqlite:${path}`, options);
  try {
    const services: GateServices = {
      ...{ ledger, ids, sandbox, clock: systemClock, writer: { actor: 'bench', correlation: ids.next() } },
      ...{ concurrency: workers * 2, createGenerator, environment: currentEnvironment, loadSuite },
      ...{ checksDirectory: '.', onEvaluation: () => undefined, onCheck: () => undefined },
    };
    if (!isThere) await holdSitting(setting, seed, services);
    const line = await ImprovementLine.open(lineName, services);
    if (line.state.sitting !== null || line.state.proposalCount === 0)
      throw new Error(`${String(path)} has no sitting that came to its end.`);
    const held = await readSitting(line, ledger);
    const isOther =
      line.state.opened?.suiteSpec !== setting.suite ||
      line.state.gate?.definition.evaluation.seed !== seed ||
      held.baseline.spec !== baselines[setting.baseline];
    if (isOther)
      throw new Error(`${String(path)} is a sitting on another suite, with another baseline or seed.`);
    return held;
  } finally {
    await ledger.close();
  }
}

async function holdSitting(setting: Setting, seed: string, services: GateServices): Promise<void> {
  const line = await openLine(
    await newLine(lineName, 'person:bench', lineOptionsOf(setting, seed)),
    services,
  );
  const proposer = await createProposer('tuner:generator', { secondsMax: 120, tokensMax: null });
  const never = new AbortController().signal;
  const watch = { onStep: () => undefined, onEvent: () => undefined, onStanding: () => undefined };
  try {
    const { proposals } = setting;
    const sitting = { proposals, seed, proposers: [proposer], taxonomy: standardTaxonomy };
    await improve(line, services, sitting, { pause: never, abort: never }, watch);
  } finally {
    await proposer.close();
  }
}

async function readSitting(line: ImprovementLine, ledger: Ledger): Promise<HeldSitting> {
  const evidence = await evidenceIn(line, ledger);
  const { state } = line;
  const proposals: Examined[] = [];
  const ordered = Object.values(state.proposals).sort((left, right) => left.index - right.index);
  for (const { id, examination, hypothesis, promoted } of ordered) {
    if (examination === null) continue;
    const { generator } = await readContents(ledger, examination.slots);
    const found = evidence.get(id);
    proposals.push({
      ...{ generator, change: changeIn(hypothesis ?? '') },
      ...{ dev: found?.get('dev') ?? null, heldOut: found?.get('heldout') ?? null },
      outcome: promoted.includes('certified')
        ? 'promoted'
        : promoted.includes('working')
          ? 'kept'
          : 'discarded',
    });
  }
  const { generator: baseline } = await readContents(ledger, state.baseline);
  const { generator: certified } = await readContents(ledger, state.certified);
  return { baseline, certified, proposals };
}

/** Item outcomes that checks were decided from, by proposal and kind of check; no command shows those of held-out items. */
async function evidenceIn(line: ImprovementLine, ledger: Ledger) {
  const found = new Map<string, Map<string, readonly ItemOutcome[]>>();
  for await (const { type, data } of ledger.readStream(line.stream)) {
    if (type !== 'CheckFinished' || data.outcomes === null) continue;
    const { input } = evidenceSchema.parse(JSON.parse(await ledger.getText(data.evidence.digest as Digest)));
    if (!('outcomes' in input)) continue;
    const ofProposal = found.get(data.proposal) ?? new Map<string, readonly ItemOutcome[]>();
    found.set(data.proposal, ofProposal.set(data.kind, input.outcomes));
  }
  return found;
}

/** The tuner writes the change first, and what it hopes for behind it. */
function changeIn(hypothesis: string): string {
  return hypothesis.split('. ')[0] ?? hypothesis;
}
