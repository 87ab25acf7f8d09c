import { z } from 'zod';
import type { StreamName } from '../../../../kernel/brand.ts';
import type { WorkerPulse, WorkTerms } from '../../../work-queue.ts';
import type { KeptItem } from '../../kept-item.ts';

/** A run as it is offered. The generation is the revision at which its head was written first. */
export interface Place {
  readonly run: StreamName;
  readonly generation: number;
  readonly terms: WorkTerms;
}

/** How an item stands, and the revision of its lease stream that says so; -1 before anybody has taken it. */
export interface LeaseEntry {
  readonly revision: number;
  readonly item: KeptItem;
}

const streamSchema = z.string().transform((name) => name as StreamName);
const revisionSchema = z.int().min(0);

export const headSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('offered'),
    generation: revisionSchema,
    terms: z.strictObject({ leaseMs: z.number().positive(), attemptsMax: z.int().positive() }),
  }),
  z.strictObject({ kind: z.literal('withdrawn'), generation: revisionSchema }),
]);
export type Head = z.output<typeof headSchema>;

/** `again`: it was offered before, and somebody may have it now. */
export const workSchema = z.strictObject({ kind: z.enum(['item', 'again']), episode: streamSchema });

export const keptItemSchema = z.strictObject({
  state: z.enum(['waiting', 'taken', 'parked', 'finished']),
  attempts: z.int().min(0),
  grant: z.string().nullable(),
  worker: z.string().nullable(),
  why: z.enum(['released', 'failed']).nullable(),
  reason: z.string().nullable(),
}) satisfies z.ZodType<KeptItem>;

export const boardSchema = z.strictObject({
  episode: streamSchema,
  revision: revisionSchema,
  item: keptItemSchema,
});

export const announcementSchema = z.strictObject({ worker: z.string() });

const workItemSchema = z.strictObject({ run: streamSchema, episode: streamSchema });

export const pulseSchema = z.strictObject({
  worker: z.string(),
  beat: z.number(),
  at: z.number(),
  slots: z.number(),
  capabilities: z.array(z.string()),
  working: z.array(workItemSchema),
  draining: z.boolean(),
}) satisfies z.ZodType<WorkerPulse>;
