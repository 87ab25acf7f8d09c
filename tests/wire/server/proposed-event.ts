import type { ProposedEvent } from './stored-event.ts';

interface ProposedMessage {
  getId(): { getString(): string } | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws Error with the real server's words where it would refuse the event */
export function proposedEvent(message: ProposedMessage): ProposedEvent {
  const id = message.getId()?.getString() ?? '';
  // What the parser of the real server says: an id that is no UUID never gets as far as the log.
  if (!UUID.test(id)) throw new Error('Guid should contain 32 digits with 4 dashes');
  const properties = message.getMetadataMap();
  const type = properties.get('type') ?? '';
  if (type === '') throw new Error('Empty eventType provided.');
  return {
    id: id.toLowerCase(),
    type,
    json: properties.get('content-type') === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** Bytes as the server counts them against its limits. */
export function eventBytes(event: ProposedEvent): number {
  return event.data.length + event.metadata.length + 2 * event.type.length;
}
