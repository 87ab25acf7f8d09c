/** "Pawl" in ASCII, with the last letter of "queue" in its place. */
export const queueApplicationId = 0x50617765;
export const queueFormatVersion = 1;

/**
 * `items.item` rises in the order of offering. `granted` names the last handing out. `workers.signs` rises whenever something is
 * heard of the worker: a beat, or that it took something. What a column means is told at `KeptItem`.
 */
export const queueSchemaSql = `
CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  lease_ms INTEGER NOT NULL,
  attempts_max INTEGER NOT NULL
) STRICT;

CREATE TABLE items (
  item INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  episode TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'parked', 'finished')),
  attempts INTEGER NOT NULL DEFAULT 0,
  granted TEXT,
  worker TEXT,
  why TEXT CHECK (why IN ('released', 'failed')),
  reason TEXT
) STRICT;
CREATE UNIQUE INDEX items_by_episode ON items (run, episode);
CREATE INDEX items_waiting ON items (run, item) WHERE state = 'waiting';
CREATE INDEX items_taken ON items (worker, run, item) WHERE state = 'taken';

CREATE TABLE workers (
  worker TEXT PRIMARY KEY,
  signs INTEGER NOT NULL,
  pulse TEXT
) STRICT, WITHOUT ROWID;
`;
