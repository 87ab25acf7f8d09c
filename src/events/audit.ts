import { z } from 'zod';
import { defineEvent, type EventOf } from './define-event.ts';
import { blobRefSchema, countSchema, digestSchema, streamNameSchema } from './shapes.ts';

/** From here on checkpoints of this ledger are signed with this key. A later one replaces it. */
export const SigningKeyRegistered = defineEvent(
  'SigningKeyRegistered',
  1,
  z.strictObject({
    /** Names the ledger in its checkpoints: the first line of a C2SP tlog-checkpoint, and the name of the key. */
    origin: z.string().min(1).max(200),
    /** `NAME+HASH+KEY` of a C2SP signed-note verifier key (Ed25519). */
    verifierKey: z.string().min(1).max(400),
    /** A checkpoint is signed at least every so many records. */
    everyRecords: z.int().positive(),
  }),
);

/** A signed root over the first `size` records, all of which stand before this event. */
export const CheckpointSigned = defineEvent(
  'CheckpointSigned',
  1,
  z.strictObject({
    size: countSchema,
    root: digestSchema,
    /** The whole C2SP tlog-checkpoint, a signed note. */
    note: z.string().min(1).max(4000),
  }),
);

/** A blob's bytes are gone for good; its digest, and everything that refers to it, stay. */
export const BlobErased = defineEvent(
  'BlobErased',
  1,
  z.strictObject({ blob: blobRefSchema, reason: z.string().min(1).max(1000) }),
);

export const verdictSchema = z.enum(['pass', 'diverged', 'inconclusive']);
export type Verdict = z.infer<typeof verdictSchema>;

export const ReplayFinished = defineEvent(
  'ReplayFinished',
  1,
  z.strictObject({
    mode: z.enum(['replay', 'rerun']),
    /** A run, an episode, or `all`. */
    scope: z.string().min(1).max(200),
    verdict: verdictSchema,
    /** Streams that were looked at, decisions or executions that were compared. */
    streams: countSchema,
    compared: countSchema,
    diverged: countSchema,
    inconclusive: countSchema,
    /** Records that the ledger had then. */
    size: countSchema,
    pawl: z.string().min(1),
  }),
);

export const ExportWritten = defineEvent(
  'ExportWritten',
  1,
  z.strictObject({
    format: z.string().min(1).max(100),
    scope: z.string().min(1).max(200),
    records: countSchema,
    blobs: countSchema,
    /** Blobs of which only the digest was written. */
    redacted: countSchema,
    /** SHA-256 of the file. */
    file: digestSchema,
    /** The checkpoint that the proofs in it lead to. */
    size: countSchema,
    root: digestSchema,
  }),
);

export const FindingRaised = defineEvent(
  'FindingRaised',
  1,
  z.strictObject({
    run: streamNameSchema,
    /** Which of the findings, for example `over-accepted`. */
    finding: z.string().min(1).max(100),
    findingVersion: z.int().positive(),
    level: z.enum(['note', 'warning', 'problem']),
    message: z.string().min(1).max(2000),
    /** How many there are; `evidence` may name fewer. */
    count: countSchema,
    /** Events that prove it. */
    evidence: z.array(z.strictObject({ stream: streamNameSchema, revision: countSchema })).max(100),
  }),
);

export const auditEvents = [
  SigningKeyRegistered,
  CheckpointSigned,
  BlobErased,
  ReplayFinished,
  ExportWritten,
  FindingRaised,
] as const;
export type AuditEvent = EventOf<(typeof auditEvents)[number]>;
