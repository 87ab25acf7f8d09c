import type { StreamName } from '../../src/kernel/brand.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import type { RunOutcome } from '../../src/loop/execute-run.ts';
import { Gate } from './gate.ts';
import { ScriptedGenerator } from './scripted-generator.ts';
import { ScriptedSandbox } from './scripted-sandbox.ts';
import { startToyRun, type ToyRun, type ToySession, toyLedger, workOn } from './toy-run.ts';

/** A run that is written down, in a memory ledger. */
export async function runOf(setting: ToyRun) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'first');
  return { store, ledger, run: await startToyRun(ledger, setting) };
}

/** A session all of whose effects wait at a gate until the test lets them through. */
export interface Session {
  readonly gate: Gate;
  readonly pause: AbortController;
  readonly abort: AbortController;
  readonly ended: Promise<RunOutcome>;
  /** Episodes of the run that have not finished, as far as this session was told. */
  unfinished(): number;
}

export function session(ledger: Ledger, run: StreamName, options: ToySession, episodes = 4): Session {
  const gate = new Gate();
  const pause = new AbortController();
  const abort = new AbortController();
  let finished = 0;
  const ended = workOn(ledger, run, {
    generator: new ScriptedGenerator({ gate }),
    sandbox: new ScriptedSandbox({ gate }),
    pause: pause.signal,
    abort: abort.signal,
    onEvent: ({ type }) => {
      if (type === 'EpisodeFinished') finished += 1;
    },
    ...options,
  });
  // Read when the test comes to it; until then it must not count as unhandled.
  ended.catch(() => undefined);
  return { gate, pause, abort, ended, unfinished: () => episodes - finished };
}
