import type { StreamName } from '../../../kernel/brand.ts';
import type { PawlError } from '../../../kernel/pawl-error.ts';
import type { AppendRequest, AppendResult, NewRecord } from '../../event-store.ts';

/** What came of one request of a group. `storage` failures concern the file, `refused` ones only the request. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: AppendResult }
  | { readonly kind: 'refused'; readonly error: PawlError };

/** Records of a request, or blobs alone when there is no stream. */
export interface WriteRequest extends Omit<AppendRequest, 'stream'> {
  readonly stream: StreamName | null;
}

/** The same with the RFC 6962 leaf hash of every record. */
export interface HashedRequest extends WriteRequest {
  readonly records: readonly (NewRecord & { readonly leaf: Uint8Array })[];
}
