/**
 * Every coded error of the product: a static title, the HTTP status and the CLI exit code it maps to, and whether trying
 * again unchanged can help. `docs/reference/errors.md` is checked against this table in both directions.
 */
export interface ErrorEntry {
  readonly title: string;
  readonly httpStatus: number;
  readonly exitCode: 1 | 2 | 100 | 101 | 110 | 120;
  readonly retryable: boolean;
}

const entry = (
  title: string,
  httpStatus: number,
  exitCode: ErrorEntry['exitCode'],
  retryable = false,
): ErrorEntry => ({ title, httpStatus, exitCode, retryable });

export const errorTable = {
  INTERNAL: entry('An internal invariant was broken', 500, 1),
  USAGE: entry('The command line is not usable', 400, 2),
  INVALID_EVENT: entry('The event does not match its schema', 422, 1),
  UNKNOWN_EVENT_TYPE: entry('The event type is not in the catalogue', 422, 120),
  RECORD_TOO_LARGE: entry('The record is larger than a record may be', 413, 1),
  NOT_CANONICALIZABLE: entry('The value has no canonical JSON form', 422, 1),
  WRONG_EXPECTED_REVISION: entry('The stream is not at the expected revision', 409, 1),
  EVENT_ID_CONFLICT: entry('The event id was used before with other bytes', 409, 1),
  STREAM_NOT_FOUND: entry('The stream does not exist', 404, 1),
  BLOB_NOT_FOUND: entry('The blob is not in the ledger', 404, 1),
  BLOB_CORRUPT: entry('The stored blob does not hash to its digest', 500, 120),
  BLOB_ERASED: entry('The blob was erased', 410, 1),
  LEDGER_NOT_FOUND: entry('There is no ledger at that place', 404, 1),
  LEDGER_BUSY: entry('Another process is writing this ledger', 423, 1, true),
  LEDGER_FORMAT: entry('The file is not a ledger', 422, 1),
  LEDGER_FORMAT_NEWER: entry('The ledger was written by a newer version', 422, 1),
  LEDGER_CORRUPT: entry('The ledger is damaged', 500, 120),
  LEDGER_CLOSED: entry('The ledger is closed', 500, 1),
  LEDGER_READ_ONLY: entry('The ledger was opened for reading only', 403, 1),
  LEDGER_URL: entry('The ledger address is not understood', 400, 2),
  STORAGE_FULL: entry('There is no room left to write the ledger', 507, 1, true),
  STORAGE_FAILED: entry('The ledger could not be written or read', 500, 1, true),
  LEDGER_POSITION: entry('The ledger does not reach that position', 404, 2),
  SIGNING_KEY_NOT_FOUND: entry('The signing key of the ledger is not here', 404, 1),
  SIGNING_KEY_INVALID: entry('The signing key is not usable', 422, 1),
  SIGNING_KEY_EXPOSED: entry('Others may read the signing key', 403, 1),
  CHECKPOINT_INVALID: entry('The checkpoint is not usable', 422, 120),
  PROOF_INVALID: entry('The proof does not hold', 422, 120),
  TILES_DIFFER: entry('The tiles are of another history', 409, 120),
  BUNDLE_INVALID: entry('The bundle is not usable', 422, 120),
  OUTPUT_EXISTS: entry('The file to be written is already there', 409, 2),
  SUITE_NOT_FOUND: entry('The suite does not exist', 404, 2),
  SUITE_INVALID: entry('The suite file is not usable', 422, 1),
  SPLIT_INVALID: entry('The split is not usable', 422, 1),
  TASK_NOT_FOUND: entry('The task does not exist', 404, 2),
  STRATEGY_NOT_FOUND: entry('The strategy does not exist', 404, 2),
  STRATEGY_PARAMS: entry('The strategy parameters are not usable', 422, 2),
  STRATEGY_STALLED: entry('The strategy asked for nothing and nothing is under way', 500, 1),
  SCORER_NOT_FOUND: entry('The scorer does not exist', 404, 2),
  PROMPT_TEMPLATE_INVALID: entry('The prompt template is not usable', 422, 2),
  GENERATOR_NOT_FOUND: entry('The generator does not exist', 404, 2),
  GENERATOR_PARAMS: entry('The generator cannot be set that way', 422, 2),
  GENERATOR_EXHAUSTED: entry('The generator has no further candidate', 404, 1),
  GENERATOR_UNSUITABLE: entry('The generator cannot work on this task', 422, 1),
  GENERATOR_FAILED: entry('The generator failed', 502, 1, true),
  MODEL_REFUSED: entry('The model service refused the request', 502, 1),
  SANDBOX_FAILED: entry('The sandbox failed', 502, 1, true),
  SANDBOX_CLOSED: entry('The sandbox is closed', 500, 1),
  SANDBOX_LANGUAGE: entry('The sandbox does not run this language', 422, 2),
  RUN_NOT_FOUND: entry('The run or episode does not exist', 404, 1),
  RUN_NOT_COMPARABLE: entry('The runs have no task in common', 422, 1),
  FORK_INVALID: entry('The branch cannot be made', 422, 2),
  IMPORT_FORMAT: entry('There is no importer of that name', 404, 2),
  IMPORT_INVALID: entry('The file to be imported is not usable', 422, 1),
  GATE_INVALID: entry('The gate is not usable', 422, 2),
  GATE_CHECK_INVALID: entry('A check of the gate is not usable', 422, 2),
  GOVERNANCE_REFUSED: entry('The rules of the improvement line do not allow that', 409, 1),
  IMPROVEMENT_NOT_FOUND: entry('The line of improvement does not exist', 404, 1),
  PROPOSAL_NOT_FOUND: entry('The proposal does not exist', 404, 1),
  PROPOSAL_INVALID: entry('The proposal is not usable', 422, 2),
  PROPOSER_FAILED: entry('The proposer failed', 502, 1, true),
  SLOT_EMPTY: entry('The slot holds nothing', 404, 1),
  HELD_OUT_SEALED: entry('Results on held-out items are sealed', 403, 1),
  HELD_OUT_PROTECTED: entry('The items are held out for a gate', 403, 1),
  HELD_OUT_EXHAUSTED: entry('The held-out items are used up', 409, 101),
  ENVIRONMENT_DIFFERS: entry('The environment is not the recorded one', 409, 1),
  REPLAY_DIVERGED: entry('Replay asked for something else than history recorded', 409, 110),
  INTEGRITY: entry('The ledger does not verify', 500, 120),
  INTERRUPTED: entry('The run was stopped before its end', 499, 1, true),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;
