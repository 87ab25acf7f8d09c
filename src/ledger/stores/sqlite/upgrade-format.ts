import type { DatabaseSync } from 'node:sqlite';
import { erasedSql, formatVersion } from './schema.ts';

/**
 * Brings a file of an earlier format to the current one, in place and in one transaction: a process that is killed leaves either
 * format, whole. To be called by whoever holds the ledger's lock alone, once the file has been checked.
 *
 * What was written in format 1 was written without `secure_delete`, so its pages may hold bytes of blobs outside of any row.
 */
export function upgradeFormat(db: DatabaseSync): void {
  if (Number(db.prepare('PRAGMA user_version').get()?.['user_version']) >= formatVersion) return;
  db.exec(`
    BEGIN IMMEDIATE;
    ${erasedSql}
    ALTER TABLE head ADD COLUMN residue INTEGER NOT NULL DEFAULT 0;
    UPDATE head SET residue = 1;
    PRAGMA user_version = ${formatVersion};
    COMMIT;
  `);
}
