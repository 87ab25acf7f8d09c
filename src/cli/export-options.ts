import type { Redactable } from '../exchange/bundle/redaction.ts';
import type { CommonOptions } from './common-options.ts';

export interface ExportOptions extends CommonOptions {
  readonly run?: string;
  readonly episode?: string;
  readonly proposal?: string;
  readonly line?: string;
  /** Who gets what is still sealed. */
  readonly for?: string;
  /** All kinds where none is named. */
  readonly redact?: readonly Redactable[] | true;
  readonly out?: string;
  readonly force?: boolean;
  readonly record: boolean;
}
