import { readdirSync } from 'node:fs';
import { goldenDirectory, linesOf, readGolden } from '../../golden/golden-files.ts';
import type { GoldenEvent, GoldenLedgers } from './events-lock.ts';

/** The events of every golden ledger as its bytes say them. */
export function goldenEvents(): GoldenLedgers {
  const versions = readdirSync(goldenDirectory).flatMap((name) => {
    const version = /^(.+)\.records\.jsonl$/.exec(name)?.[1];
    return version === undefined ? [] : [version];
  });
  return Object.fromEntries(
    versions.sort().map((version) => [
      version,
      linesOf(readGolden(version).records).map((line): GoldenEvent => {
        const { type, version: number, data } = JSON.parse(line);
        return { type, version: number, data };
      }),
    ]),
  );
}
