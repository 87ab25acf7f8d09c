import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { decideFinal } from './decide-final.ts';
import { type EvidenceFound, finalEvidenceSchema } from './evidence.ts';
import { outcomesDigest } from './item-outcome.ts';
import { type Difference, unequal } from './redecide-check.ts';

type FinalTestFinished = Extract<AnyRecordedEvent, { type: 'FinalTestFinished' }>['data'];

/** The sealed test, decided again from its evidence. */
export function redecideFinal(
  definition: GateDefinition,
  recorded: FinalTestFinished,
  found: EvidenceFound,
): { readonly gap: 'missing' | 'erased' | 'unreadable' | null; readonly differences: readonly Difference[] } {
  if (typeof found === 'string') return { gap: found, differences: [] };
  const parsed = finalEvidenceSchema.safeParse(found.value);
  if (!parsed.success) return { gap: 'unreadable', differences: [] };
  const { input, numbers } = parsed.data;
  const result = decideFinal(definition, input);
  const { sealed } = definition.evaluation;
  const items = digestOf(input.outcomes.map(({ item }) => item));
  const fields = ['verdict', 'method', 'level', 'items'] as const;
  return {
    gap: null,
    differences: [
      ...fields.flatMap((what) => unequal(what, recorded[what], result[what])),
      ...unequal('outcomes', recorded.outcomes, outcomesDigest(input.outcomes)),
      ...unequal('numbers', numbers, result.numbers),
      ...(input.outcomes.length === sealed?.count ? unequal('sealed items', items, sealed.items) : []),
    ],
  };
}
