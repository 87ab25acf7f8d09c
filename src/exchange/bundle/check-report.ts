import { messageOf } from '../../kernel/pawl-error.ts';
import type { Claim } from '../../ledger/verify/claims.ts';
import { reportPage } from '../report/report-page.ts';
import { reportVersion } from '../report/report-version.ts';
import type { Bundle } from './bundle.ts';
import type { BundleFile } from './bundle-file.ts';
import { containerOpening } from './bundle-format.ts';

/** Whether the page that people read says what the data says: it is made again from the data, and every byte compared. */
export async function checkReport(file: BundleFile, bundle: Bundle): Promise<Claim> {
  const { report } = bundle.header;
  if (report !== reportVersion) {
    const because = `The page was rendered as report version ${report}; this version of Pawl renders version ${reportVersion} and cannot compare them.`;
    return { verdict: 'unknown', because };
  }
  try {
    const place = await firstDifference(file, bundle);
    if (place === null)
      return { verdict: 'yes', because: 'The page says what the data says, byte for byte.' };
    const because = `The page differs from what the data says, from byte ${place} on: what is to be read there was altered.`;
    return { verdict: 'no', because };
  } catch (error) {
    return { verdict: 'no', because: `No page can be made from this data: ${messageOf(error)}` };
  }
}

async function firstDifference(file: BundleFile, bundle: Bundle): Promise<number | null> {
  let place = 0;
  for await (const piece of pieces(bundle)) {
    const expected = Buffer.from(piece, 'utf8');
    const end = Math.min(place + expected.length, file.containerStart);
    let at = 0;
    for await (const chunk of file.read(place, end)) {
      const same = expected.subarray(at, at + chunk.length);
      if (Buffer.compare(same, chunk) !== 0) return place + at + firstUnequal(same, chunk);
      at += chunk.length;
    }
    if (at < expected.length) return place + at;
    place += expected.length;
  }
  return place === file.containerStart ? null : place;
}

async function* pieces(bundle: Bundle): AsyncGenerator<string> {
  yield* reportPage(bundle);
  yield containerOpening;
}

function firstUnequal(left: Uint8Array, right: Uint8Array): number {
  const index = left.findIndex((byte, at) => byte !== right[at]);
  return index === -1 ? left.length : index;
}
