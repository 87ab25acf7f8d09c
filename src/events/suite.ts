import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { blobRefSchema, countSchema, digestSchema } from './shapes.ts';
import { languageSchema } from './task-view.ts';

export const SuiteRegistered = defineEvent(
  'SuiteRegistered',
  2,
  z.strictObject({
    suite: digestSchema,
    name: z.string().min(1),
    /** Which reader made it, for example `humanevalpack`. */
    format: z.string().min(1),
    tasks: countSchema,
    languages: z.array(languageSchema),
    /** Canonical JSON list of `{id, view, hidden}`: every task with the digests of its two parts. */
    manifest: blobRefSchema,
  }),
  // Version 2 knows one more language.
  [(data) => data],
);

export const SplitFrozen = defineEvent(
  'SplitFrozen',
  1,
  z.strictObject({
    suite: digestSchema,
    split: z.string().min(1),
    seed: z.string(),
    tasks: countSchema,
    /** Digest of the ordered list of task ids. */
    members: blobRefSchema,
  }),
);

export const suiteEvents = [SuiteRegistered, SplitFrozen] as const;
export type SuiteEvent = EventOf<(typeof suiteEvents)[number]>;
