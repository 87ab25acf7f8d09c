import { z } from 'zod';
import { proposalIdSchema } from '../../events/held-out.ts';
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

const headerMembers = {
  line: z.literal('bundle'),
  format: z.literal(bundleFormat),
  /** Version of the readable report, so that it can be rendered again and compared. */
  report: z.int().positive(),
  /** The version of Pawl that wrote the file. */
  pawl: z.string().min(1).max(100),
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
};

/** The first line of a bundle of a run: what it is of, and which tree its records are proved to stand in. */
export const runHeaderSchema = z.strictObject({
  ...headerMembers,
  run: streamNameSchema,
  /** Null for the whole run. */
  episode: streamNameSchema.nullable(),
});
export type RunHeader = z.infer<typeof runHeaderSchema>;

/** The first line of a bundle of a proposal. */
export const proposalHeaderSchema = z.strictObject({
  ...headerMembers,
  /** Stream of the line of improvement that it was made for. */
  improvement: streamNameSchema,
  proposal: proposalIdSchema,
});
export type ProposalHeader = z.infer<typeof proposalHeaderSchema>;

export type BundleHeader = RunHeader | ProposalHeader;

export function isProposalHeader(header: BundleHeader): header is ProposalHeader {
  return 'proposal' in header;
}

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
  z.strictObject({ ...blobHead, withheld: z.enum(['redacted', 'erased', 'outside']) }),
]);
export type BlobLine = z.infer<typeof blobLineSchema>;

export const proofHashesMax = 1000;
export const proofLineSchema = z.strictObject({
  line: z.literal('proof'),
  /** Hashes of 32 bytes, base 64, as `subsetProof` gives them. */
  hashes: z.array(z.string().length(44)).max(proofHashesMax),
});

/** What a bundle is of, as its header says it. */
export function scopeMembers(
  header: BundleHeader,
): Pick<RunHeader, 'run' | 'episode'> | Pick<ProposalHeader, 'improvement' | 'proposal'> {
  return isProposalHeader(header)
    ? { improvement: header.improvement, proposal: header.proposal }
    : { run: header.run, episode: header.episode };
}
