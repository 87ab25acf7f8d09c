import type { JsonObject } from '../kernel/json.ts';
import { visibleText } from './visible-text.ts';

/**
 * Where a command writes. Results go to stdout: text, or one JSON object a line with `--json`. Everything else (progress,
 * hints, warnings) goes to stderr, so that stdout can always be piped.
 */
export interface Output {
  readonly json: boolean;
  /** True when stderr is a terminal that may be redrawn. */
  readonly interactive: boolean;
  /** A result for people; ignored with `--json`. */
  text(text: string): void;
  /** A result for programs; ignored without `--json`. */
  record(record: JsonObject): void;
  /** News that is not a result. */
  note(text: string): void;
}

export function processOutput(json: boolean): Output {
  return {
    json,
    interactive: process.stderr.isTTY === true && !json && process.env['CI'] === undefined,
    text: (text) => {
      if (!json) process.stdout.write(`${visibleText(text)}\n`);
    },
    record: (record) => {
      if (json) process.stdout.write(`${JSON.stringify(record)}\n`);
    },
    note: (text) => {
      process.stderr.write(`${visibleText(text)}\n`);
    },
  };
}
