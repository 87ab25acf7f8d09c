import type { AnyRecordedEvent } from '../../../events/record.ts';
import type { BlobRef } from '../../../events/shapes.ts';
import type { SlotContents } from '../../../events/slots.ts';
import type { Digest, StreamName } from '../../../kernel/brand.ts';

/** A run that was asked for in a line: what of, on which items, by which gate and on whose behalf. */
export interface KnownRun {
  readonly run: StreamName;
  readonly gate: Digest;
  readonly configuration: Digest;
  readonly items: Digest;
  readonly proposal: string | null;
  readonly purpose: 'optimize' | 'dev' | 'heldout' | 'final';
  /** Null where proposers may see it. */
  readonly side: 'challenger' | 'champion' | null;
}

export interface KnownCheck {
  readonly check: string;
  readonly kind: string;
  readonly evidence: BlobRef;
  readonly outcomes: Digest | null;
}

/**
 * What was run for a line, and what its checks left: whoever goes on with an examination, or compares with the same champion
 * again, finds here what need not be run a second time. A fold of the line's stream, kept in place.
 */
export interface LineEvaluations {
  readonly runs: KnownRun[];
  /** Finished checks of each proposal, in order. */
  readonly checks: Record<string, KnownCheck[]>;
  /** What the sealed test compares: the certified champion of its opening, and the baseline. */
  final: { readonly challenger: SlotContents; readonly champion: SlotContents } | null;
}

export function initialLineEvaluations(): LineEvaluations {
  return { runs: [], checks: {}, final: null };
}

/** @param event one that no rule refused; a refused one changes nothing */
export function evolveLineEvaluations(known: LineEvaluations, event: AnyRecordedEvent): void {
  switch (event.type) {
    case 'EvaluationRequested': {
      const { run, gate, configuration, items, proposal, purpose } = event.data;
      known.runs.push({ run, gate, configuration, items, proposal, purpose, side: null });
      return;
    }
    case 'HeldOutUsed': {
      const { run, gate, configuration, items, proposal, purpose, side, reader } = event.data;
      if (reader !== 'gate') return;
      known.runs.push({ run, gate, configuration, items, proposal, purpose, side });
      return;
    }
    case 'CheckFinished': {
      const { proposal, check, kind, evidence, outcomes } = event.data;
      const checks = known.checks[proposal] ?? [];
      checks.push({ check, kind, evidence, outcomes });
      known.checks[proposal] = checks;
      return;
    }
    case 'FinalTestOpened': {
      const { championSlots, baselineSlots } = event.data;
      known.final = { challenger: championSlots, champion: baselineSlots };
      return;
    }
    default:
      return;
  }
}
