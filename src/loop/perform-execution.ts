import { z } from 'zod';
import type { Execution } from '../../sandbox/sandbox.ts';
import { resourceUsageSchema } from '../events/execution.ts';
import { executionResultSchema } from '../events/execution-result.ts';
import type { BlobRef } from '../events/shapes.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { Contents } from './contents.ts';
import type { EffectContext, PreparedEffect } from './effect-context.ts';
import type { EpisodeData, EpisodeState } from './episode-state.ts';
import { requestFor } from './issue-command.ts';

/** A driver is held to its port here, so that a fault of it is recorded as a fault and not met by whoever reads the result. */
const executionSchema = z.object({
  result: executionResultSchema,
  wallMs: z.number().nonnegative(),
  usage: resourceUsageSchema.optional(),
});

export async function prepareExecution(
  { key, candidate, tests }: EpisodeData<'ExecutionRequested'>,
  state: EpisodeState,
  { sandbox, contents, hidden }: EffectContext,
): Promise<PreparedEffect> {
  const request = await requestFor(candidate, tests, state, { contents, hidden });
  return async (signal) => {
    const { result, wallMs, usage } = checked(await sandbox.execute(request, signal));
    if (result.outcome === 'sandbox_error') {
      throw new PawlError(
        'SANDBOX_FAILED',
        result.error?.message ?? 'The sandbox failed without saying why.',
      );
    }
    const passed = result.tests.filter(({ status }) => status === 'passed').length;
    return {
      type: 'ExecutionFinished',
      data: {
        key,
        candidate,
        tests,
        outcome: result.outcome,
        passed,
        total: result.tests.length,
        steps: result.steps,
        result: keep(result, contents),
        volatile: usage === undefined ? { wallMs } : { wallMs, usage },
      },
    };
  };
}

function checked(execution: Execution): z.infer<typeof executionSchema> {
  const parsed = executionSchema.safeParse(execution);
  if (parsed.success) return parsed.data;
  throw new PawlError(
    'SANDBOX_FAILED',
    `The sandbox gave a malformed result: ${z.prettifyError(parsed.error)}`,
  );
}

function keep(result: Execution['result'], contents: Contents): BlobRef {
  try {
    return contents.addResult(result);
  } catch (cause) {
    throw new PawlError(
      'SANDBOX_FAILED',
      `The sandbox gave a result that cannot be stored: ${messageOf(cause)}`,
      { cause },
    );
  }
}
