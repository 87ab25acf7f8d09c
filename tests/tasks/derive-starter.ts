import { writeFile } from 'node:fs/promises';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { frozenBugsFile } from '../../src/tasks/starter/read-frozen-bugs.ts';
import { deriveStarterBugs } from './derive-starter-bugs.ts';

/** `npm run derive:starter [SEED]`: chooses the bugs of the starter suite anew. This makes another suite. */
const sandbox = createWasmSandbox({ workers: 2, languages: ['javascript'] });
try {
  const text = await deriveStarterBugs(sandbox, process.argv[2] ?? 'starter-1');
  await writeFile(frozenBugsFile, text);
  process.stdout.write(`${text.split('\n').length - 2} bugs written.\n`);
} finally {
  await sandbox.close();
}
