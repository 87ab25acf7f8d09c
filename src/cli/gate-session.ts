import { createLogUpdate } from 'log-update';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createGenerator } from '../generators/registry.ts';
import { systemClock } from '../kernel/clock.ts';
import { currentEnvironment } from '../loop/current-environment.ts';
import type {
  CheckProgress,
  EvaluationProgress,
  GateServices,
} from '../loop/improve/examine/gate-services.ts';
import { loadSuite } from '../tasks/registry.ts';
import { fitWidth } from './fit-width.ts';
import type { OpenedForCli } from './open-for-cli.ts';
import type { Output } from './output.ts';

const columnsDefault = 100;

/** What a command that examines proposals works with. */
export interface GateSession {
  readonly services: GateServices;
  /** Clears what is drawn in place; before anything else is written. */
  clear(): void;
}

/**
 * The services of a gate at the command line.
 *
 * @param jobs sandbox workers; twice as many episodes are worked on at a time
 * @param onCheck told of every check that ends
 */
export function gateSession(
  { ledger, ids, writer }: OpenedForCli,
  sandbox: Sandbox,
  { jobs, output, checksDirectory }: { jobs: number; output: Output; checksDirectory: string },
  onCheck: (progress: CheckProgress) => void,
): GateSession {
  const redraw = createLogUpdate(process.stderr);
  const clear = (): void => {
    if (output.interactive) redraw.clear();
  };
  const suites = new Map<string, ReturnType<typeof loadSuite>>();
  const services: GateServices = {
    ...{ ledger, ids, writer, sandbox, clock: systemClock, concurrency: jobs * 2 },
    ...{ createGenerator, environment: currentEnvironment, checksDirectory },
    // Asked for with every evaluation, and the same all along.
    loadSuite: (spec) => {
      const suite = suites.get(spec) ?? loadSuite(spec);
      suites.set(spec, suite);
      return suite;
    },
    onEvaluation: (progress) => {
      if (!output.interactive) return;
      const columns = (process.stderr.columns || columnsDefault) - 1;
      redraw(fitWidth(evaluationText(progress), columns));
    },
    onCheck: (progress) => {
      clear();
      onCheck(progress);
    },
  };
  return { services, clear };
}

function evaluationText({ purpose, side, done, count }: EvaluationProgress): string {
  const who = purpose === 'optimize' ? 'the working champion' : `the ${side}`;
  return `  ${who} on ${purpose}: ${done} of ${count} tasks`;
}
