import { DatabaseSync } from 'node:sqlite';

/** @param pagesMax cap on the file's size in pages, or null */
export function openForWriting(path: string, pagesMax: number | null): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 2000;
  `);
  if (pagesMax !== null) db.exec(`PRAGMA max_page_count = ${pagesMax}`);
  return db;
}
