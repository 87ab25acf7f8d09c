import { writeFileSync } from 'node:fs';
import { projections } from '../../projections/catalogue.ts';
import { composeGolden } from './compose-golden.ts';
import { blobsFile, loadGolden, recordsFile } from './golden-files.ts';
import { whatItFoldsTo } from './what-it-folds-to.ts';

/**
 * Writes the golden ledger of a version and prints what it folds to, for `golden.test.ts`: `node tests/golden/write-golden.ts
 * 0.2.0`. A file that exists is never written over.
 */
const [version] = process.argv.slice(2);
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error('Name the version whose ledger this is, for example 0.2.0.');
  process.exit(2);
}
const golden = await composeGolden();
writeFileSync(recordsFile(version), golden.records, { flag: 'wx' });
writeFileSync(blobsFile(version), golden.blobs, { flag: 'wx' });
console.log(JSON.stringify(await whatItFoldsTo(await loadGolden(golden), projections), null, 2));
