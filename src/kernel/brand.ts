/** A compile-time name for a plain value, so that a digest is never passed where an id is meant. */
export type Brand<Value, Name extends string> = Value & { readonly __brand: Name };

/** Lower-case hexadecimal SHA-256, 64 characters. */
export type Digest = Brand<string, 'Digest'>;

/** 26-character Crockford base-32 ULID. */
export type EventId = Brand<string, 'EventId'>;

/** `<category>-<rest>`; the category holds no dash. */
export type StreamName = Brand<string, 'StreamName'>;
