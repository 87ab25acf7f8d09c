import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import type { Json } from '../../src/kernel/json.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { type EpisodeFork, type ForkedEpisode, forkEpisode } from '../../src/loop/fork-episode.ts';
import { forkRun, type RunFork } from '../../src/loop/fork-run.ts';
import type { ForkServices } from '../../src/loop/forked-run.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { ScriptedGenerator } from './scripted-generator.ts';
import { ScriptedSandbox, scriptedFingerprint } from './scripted-sandbox.ts';
import { eventsOf, type ToySession, workOn } from './toy-run.ts';

/** The services of one process; forks that it makes differ in their label, so that each has ids of its own. */
export function forkServices(ledger: Ledger, label: string, more: Partial<ForkServices> = {}): ForkServices {
  const clock = steppingClock(Date.UTC(2026, 0, 2), 1);
  return {
    ledger,
    ids: seededIdSource(clock, seededRandom(label)),
    writer: { actor: 'test', correlation: 'fork' },
    scorer: testsScorer,
    fingerprint: async () => scriptedFingerprint,
    ...more,
  };
}

/** Ports that nobody may ask: whatever a branch does with them is recorded as a failure and seen in `asked`. */
export function deafPorts() {
  const refuse = () => new Error('nothing may be performed here');
  const generator = new ScriptedGenerator({ fault: refuse });
  const sandbox = new ScriptedSandbox({ fault: refuse });
  return { generator, sandbox, asked: () => [...generator.performed, ...sandbox.performed] };
}

/** Branches an episode and works on the branch to its end. */
export async function forkAndWork(
  ledger: Ledger,
  fork: EpisodeFork,
  session: ToySession,
  services: Partial<ForkServices> = {},
): Promise<ForkedEpisode & { readonly events: readonly AnyRecordedEvent[] }> {
  const label = `fork ${fork.episode} ${JSON.stringify(fork)} ${(await ledger.head()).size}`;
  const forked = await forkEpisode(fork, forkServices(ledger, label, services));
  await workOn(ledger, forked.run, session);
  return { ...forked, events: await eventsOf(ledger, forked.episode) };
}

export async function forkRunAndWork(
  ledger: Ledger,
  fork: RunFork,
  session: ToySession,
  services: Partial<ForkServices> = {},
): Promise<StreamName> {
  const label = `fork ${JSON.stringify(fork)} ${(await ledger.head()).size}`;
  const { run } = await forkRun(fork, forkServices(ledger, label, services));
  await workOn(ledger, run, session);
  return run;
}

export const strategyWith = (name: string, params: Readonly<Record<string, Json>>) =>
  strategyRef(strategyNamed(name), params);

/** What a stream tells from its second event on, without wall times: two that tell the same are the same episode. */
export function told(events: readonly AnyRecordedEvent[]): readonly unknown[] {
  return events.slice(1).map(({ type, data }) => {
    const { volatile: _volatile, ...rest } = data as Record<string, unknown>;
    return { type, data: rest };
  });
}
