import { z } from 'zod';

/** What was decided or claimed, in words for people. */
export const sentenceSchema = z.string().min(1).max(2000);

/** `person:NAME`, `key:NAME`, `ci:NAME`, `model:NAME`, `tuner` …: who did it, the same way everywhere. */
export const partySchema = z
  .string()
  .regex(/^[a-z]+(:[^\s:][^\n]{0,199})?$/, 'KIND or KIND:NAME, as person:ada');
