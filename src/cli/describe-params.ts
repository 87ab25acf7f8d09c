import { z } from 'zod';
import type { AnyStrategy } from '../strategies/strategy.ts';

/** What `--set` can change of a strategy, from its own schema: `width=1 (1 to 100)`, one text for each parameter. One that
 * may be left out stands with what that means. */
export function describeParams({ params }: AnyStrategy): readonly string[] {
  const { properties = {} } = z.toJSONSchema(params, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === 'boolean') return name;
    const { default: usual, enum: choices, minimum, maximum, leftOut } = schema;
    const range = minimum === undefined || maximum === undefined ? '' : ` (${minimum} to ${maximum})`;
    const allowed = choices === undefined ? range : ` (${choices.join(', ')})`;
    return `${name}=${String(usual ?? leftOut)}${allowed}`;
  });
}
