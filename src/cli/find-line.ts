import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';

const prefix = 'improvement-';

/**
 * Name of the line of improvement that is meant: the one that was named, else the only one there is.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`, also when there are several and none was named
 */
export async function findLine(ledger: Ledger, wanted: string | undefined): Promise<string> {
  const names: string[] = [];
  for await (const stream of ledger.streams(prefix)) names.push(stream.slice(prefix.length));
  const [only] = names;
  if (wanted === undefined && only !== undefined && names.length === 1) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const known = `The ledger has ${names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ')}.`;
  const which =
    wanted === undefined
      ? names.length === 0
        ? 'There is no line of improvement yet; `pawl improve` opens one.'
        : `Say which line of improvement is meant (--line NAME). ${known}`
      : `No line of improvement is called "${wanted}". ${known}`;
  throw new PawlError('IMPROVEMENT_NOT_FOUND', which, {
    context: { wanted: wanted ?? null, lines: names.length },
  });
}
