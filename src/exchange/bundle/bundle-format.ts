import { z } from 'zod';
import { blobRefSchema, countSchema, digestSchema, streamNameSchema } from '../../events/shapes.ts';
import { redactableSchema } from './redaction.ts';

/** Version of the container; docs/reference/bundle-format.md describes it. Another layout is another number. */
export const bundleFormat = 1;

/** Between these two lies the container: base 64, in lines, of zlib-compressed JSON lines. */
export const containerOpening = '<script type="application/vnd.pawl.bundle" id="pawl-bundle">\n';
export const containerClosing = '</script>\n';

/** What follows the container: the digest of its compressed bytes, and the end of the page. */
export function bundleEnding(compressed: string): string {
  const digest = `<script type="application/vnd.pawl.bundle-digest" id="pawl-bundle-digest">${compressed}</script>`;
  return `${containerClosing}${digest}\n</body>\n</html>\n`;
}

/** More than any run that was met, and little enough that a hostile file cannot fill a machine. */
export const bundleLimits = {
  fileBytesMax: 1024 * 1024 * 1024,
  lineBytesMax: 64 * 1024 * 1024,
  inflatedBytesMax: 512 * 1024 * 1024,
  /** Texts of events compress 10 to 30 times; what compresses far better was made to. */
  inflatedRatioMax: 100,
  inflatedBytesFree: 16 * 1024 * 1024,
  headerBytesMax: 16 * 1024 * 1024,
} as const;

/** `whole`: every record of the stream that the tree holds. `selected`: those that concern what is claimed. */
export const streamClaimSchema = z.strictObject({
  name: streamNameSchema,
  records: countSchema,
  part: z.enum(['whole', 'selected']),
});
export type StreamClaim = z.infer<typeof streamClaimSchema>;

/** The first line: what the bundle is of, and which tree its records are proved to stand in. */
export const bundleHeaderSchema = z.strictObject({
  line: z.literal('bundle'),
  format: z.literal(bundleFormat),
  /** Version of the readable report, so that it can be rendered again and compared. */
  report: z.int().positive(),
  /** The version of Pawl that wrote the file. */
  pawl: z.string().min(1).max(100),
  run: streamNameSchema,
  /** Null for the whole run. */
  episode: streamNameSchema.nullable(),
  /** The tree: its records and its RFC 6962 root. */
  size: z.int().positive(),
  root: digestSchema,
  /** The C2SP tlog-checkpoint of that tree, and the key that is said to have signed it; null when nobody did. */
  checkpoint: z
    .strictObject({ note: z.string().min(1).max(100_000), verifierKey: z.string().min(1).max(400) })
    .nullable(),
  redacted: z.array(redactableSchema),
  streams: z.array(streamClaimSchema),
  records: countSchema,
  blobs: countSchema,
});
export type BundleHeader = z.infer<typeof bundleHeaderSchema>;

export const recordLineSchema = z.strictObject({
  line: z.literal('record'),
  /** 0-based place in the ledger. */
  position: countSchema,
  /** The record; its UTF-8 bytes are what the tree is over. */
  text: z.string(),
});

const blobHead = { line: z.literal('blob'), ...blobRefSchema.shape };

export const blobLineSchema = z.union([
  z.strictObject({ ...blobHead, text: z.string() }),
  /** Where the bytes are not UTF-8. */
  z.strictObject({ ...blobHead, base64: z.string() }),
  z.strictObject({ ...blobHead, withheld: z.enum(['redacted', 'erased']) }),
]);
export type BlobLine = z.infer<typeof blobLineSchema>;

export const proofHashesMax = 1000;
export const proofLineSchema = z.strictObject({
  line: z.literal('proof'),
  /** Hashes of 32 bytes, base 64, as `subsetProof` gives them. */
  hashes: z.array(z.string().length(44)).max(proofHashesMax),
});
