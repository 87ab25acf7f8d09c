import type { EvidenceFound } from '../../../gates/checks/evidence.ts';
import type { Digest } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** What a ledger keeps under the digest of a check's evidence; a text that is no JSON is evidence of nothing. */
export async function evidenceIn(ledger: Ledger, digest: Digest): Promise<EvidenceFound> {
  const { kind } = await ledger.store.blobStanding(digest);
  if (kind !== 'stored') return kind;
  try {
    return { value: JSON.parse(await ledger.getText(digest)) as unknown };
  } catch {
    return { value: null };
  }
}
