import type { Consumer } from './group-message.ts';
import type { ConsumerStrategy } from './group-settings.ts';

function hasRoom(consumer: Consumer): boolean {
  return consumer.unanswered.size < consumer.bufferSize;
}

/** The consumer that gets the next message; null when none has room. Whoever was chosen in turn goes to the end of the line. */
export function chooseConsumer(
  consumers: Consumer[],
  strategy: ConsumerStrategy,
  stream: string,
): Consumer | null {
  if (strategy === 'DispatchToSingle') return consumers.find(hasRoom) ?? null;
  if (strategy === 'Pinned') {
    const pinned = consumers[hashOf(stream) % Math.max(1, consumers.length)];
    return pinned !== undefined && hasRoom(pinned) ? pinned : null;
  }
  const index = consumers.findIndex(hasRoom);
  if (index < 0) return null;
  // Those that had no room were asked as well, and so have had their turn.
  consumers.push(...consumers.splice(0, index + 1));
  return consumers.at(-1) ?? null;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++)
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) >>> 0;
  return hash;
}
