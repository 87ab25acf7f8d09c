import type { Digest } from '../../kernel/brand.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import type { BlobStanding } from '../event-store.ts';
import type { ProblemList } from './problem.ts';
import type { SealChecker } from './seal-checker.ts';
import type { ErasedBlob } from './verify-source.ts';

/** A blob whose bytes are gone, with the event that says so. */
export interface ExplainedErasure extends ErasedBlob {
  readonly position: number;
  readonly reason: string;
  readonly actor: string;
}

/** What is erased must have an event that says who did it and why; what such an event names must be erased. */
export async function checkErasures(
  { erasures }: SealChecker,
  erased: readonly ErasedBlob[],
  noted: ReadonlyMap<Digest, number>,
  standingOf: (digest: Digest) => Promise<BlobStanding>,
  problems: ProblemList,
): Promise<ExplainedErasure[]> {
  const kindOf = async (digest: Digest): Promise<BlobStanding['kind'] | 'unreadable'> => {
    try {
      return (await standingOf(digest)).kind;
    } catch (error) {
      const message = `Whether blob ${digest} is stored cannot be read: ${messageOf(error)}.`;
      problems.add({ position: null, digest, code: 'UNREADABLE', message });
      return 'unreadable';
    }
  };
  const explained = new Map<Digest, ExplainedErasure>();
  for (const { position, actor, data } of erasures) {
    const { digest, bytes } = data.blob;
    if (explained.has(digest)) continue;
    explained.set(digest, { digest, bytes, position, reason: data.reason, actor });
    if ((await kindOf(digest)) !== 'stored') continue;
    const message = `Blob ${digest} should be erased, and its bytes are still stored. \`pawl erase\` finishes what was begun.`;
    problems.add({ position, digest, code: 'ERASURE_UNDONE', message });
  }
  const candidates = new Set([...noted.keys(), ...erased.map(({ digest }) => digest)]);
  for (const digest of candidates) {
    if (explained.has(digest) || (await kindOf(digest)) !== 'erased') continue;
    const position = noted.get(digest) ?? null;
    const message = `Blob ${digest} was erased, and no event says who did it and why.`;
    problems.add({ position, digest, code: 'ERASURE_UNEXPLAINED', message });
  }
  return [...explained.values()];
}
