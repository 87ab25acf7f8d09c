import { z } from 'zod';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from '../engine/engine.ts';
import type { Labels } from './labels.ts';

export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly isRunning: boolean;
  /** By the engine's clock, milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
}

const listSchema = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
    State: z.string().default(''),
    Created: z.number().default(0),
  }),
);

/** All containers, running or not, that have the label. @param label `name=value` */
export async function listContainers(
  engine: Engine,
  label: string,
  deadlineMs = 30_000,
): Promise<readonly ListedContainer[]> {
  const json = await engine.request({
    ...{ method: 'GET', path: '/containers/json', deadlineMs },
    query: { all: 'true', filters: JSON.stringify({ label: [label] }) },
    ...{ purpose: 'list containers', askedFor: 'engine' },
  });
  const parsed = listSchema.safeParse(json ?? []);
  if (!parsed.success) {
    throw new PawlError('SANDBOX_FAILED', `The engine at ${engine.at} lists containers in an unknown form.`);
  }
  return parsed.data.map((container) => ({
    id: container.Id,
    name: (container.Names?.[0] ?? '').replace(/^\//, ''),
    labels: container.Labels ?? {},
    isRunning: container.State === 'running',
    createdAtMs: container.Created * 1_000,
  }));
}
