import type { SlotKind } from '../events/slots.ts';
import type { JsonObject } from '../kernel/json.ts';

/** What a slot holds as a file of it would be: a prompt is its text, everything else indented JSON. */
export function slotText(slot: SlotKind, content: JsonObject): string {
  const { template } = content;
  if (slot === 'prompt' && typeof template === 'string') return template;
  return `${JSON.stringify(content, null, 2)}\n`;
}
