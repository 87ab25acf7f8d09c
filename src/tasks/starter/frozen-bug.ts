import { z } from 'zod';
import { countSchema, digestSchema } from '../../events/shapes.ts';

/** What a reader would call the mistake. */
export const bugKinds = [
  'comparison',
  'condition',
  'arithmetic',
  'off-by-one',
  'constant',
  'variable',
  'call',
  'missing-code',
  'misplaced-code',
  'return',
  'several',
] as const;
export type BugKind = (typeof bugKinds)[number];

/** How the bug shows when the tests run. `hidden-only`: every public test passes. */
export const symptoms = ['wrong-result', 'exception', 'timeout', 'hidden-only'] as const;
export type Symptom = (typeof symptoms)[number];

/** A replacement of [start, end) of the correct program's source. */
const editSchema = z.strictObject({ start: countSchema, end: countSchema, replacement: z.string() });
export type SourceEdit = z.infer<typeof editSchema>;

/** One line of `frozen-bugs.jsonl` after the first. Edits are in order and do not overlap. */
export const frozenBugSchema = z.strictObject({
  program: z.string(),
  /** First 12 digits of the SHA-256 of the program the offsets belong to. */
  source: z.string().length(12),
  kind: z.enum(bugKinds),
  symptom: z.enum(symptoms),
  edits: z.array(editSchema).min(1),
});
export type FrozenBug = z.infer<typeof frozenBugSchema>;

/** The first line: what the choice was derived from. */
export const frozenHeaderSchema = z.strictObject({
  seed: z.string(),
  /** Digest of all edits that the mutation operators offered when the choice was made. */
  offered: digestSchema,
});
export type FrozenHeader = z.infer<typeof frozenHeaderSchema>;

export function applyEdits(source: string, edits: readonly SourceEdit[]): string {
  return edits.reduceRight(
    (text, { start, end, replacement }) => text.slice(0, start) + replacement + text.slice(end),
    source,
  );
}
