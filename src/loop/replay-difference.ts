import { createTwoFilesPatch } from 'diff';
import { blobRefSchema } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { ComparedEvent, MemberDifference, TextDifference } from './replay-verdict.ts';

const membersMax = 100;
const diffLinesMax = 200;
const contextLines = 2;
/** Two texts that have less in common than this are not worth the time it takes to align them. */
const editsMax = 4000;

/** Reads a text that was asked for or recorded; throws `BLOB_NOT_FOUND` or `BLOB_ERASED` where it is not there. */
export type ReadText = (digest: Digest) => Promise<string>;

/** Member by member what differs between two events of one type; at most 100 members. */
export function memberDifferences(asked: JsonObject, recorded: JsonObject): readonly MemberDifference[] {
  const found: MemberDifference[] = [];
  compare('', asked, recorded, found);
  return found.slice(0, membersMax);
}

/** The texts behind the blob references that differ: of a prompt, a feedback, a program. */
export async function textDifferences(
  asked: ComparedEvent,
  recorded: ComparedEvent,
  read: ReadText,
): Promise<readonly TextDifference[]> {
  const found: TextDifference[] = [];
  for (const [member, value] of Object.entries(asked.data)) {
    const left = blobRefSchema.safeParse(recorded.data[member]);
    const right = blobRefSchema.safeParse(value);
    if (!left.success || !right.success || left.data.digest === right.data.digest) continue;
    found.push({ member, diff: await textDifference(left.data.digest, right.data.digest, read) });
  }
  return found;
}

async function textDifference(recorded: Digest, asked: Digest, read: ReadText): Promise<string> {
  try {
    const [before, after] = [await read(recorded), await read(asked)];
    const patch = createTwoFilesPatch('recorded', 'asked', before, after, '', '', {
      context: contextLines,
      maxEditLength: editsMax,
    });
    if (patch === undefined) return '(the two texts have next to nothing in common)';
    const lines = patch.split('\n').slice(1);
    const rest = lines.length - diffLinesMax;
    if (rest <= 0) return lines.join('\n').trimEnd();
    return [...lines.slice(0, diffLinesMax), `(${rest} more lines)`].join('\n');
  } catch (error) {
    // A divergence stands without its texts; what cannot be shown is said.
    if (isPawlError(error)) return `(cannot be shown: ${error.message})`;
    throw error;
  }
}

function compare(
  path: string,
  asked: Json | undefined,
  recorded: Json | undefined,
  found: MemberDifference[],
): void {
  if (found.length >= membersMax || Object.is(asked, recorded)) return;
  if (isContainer(asked) && isContainer(recorded) && Array.isArray(asked) === Array.isArray(recorded)) {
    const [left, right] = [asked as JsonObject, recorded as JsonObject];
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      compare(path === '' ? name : `${path}.${name}`, own(left, name), own(right, name), found);
    }
    return;
  }
  found.push({
    member: path,
    ...(asked === undefined ? {} : { asked }),
    ...(recorded === undefined ? {} : { recorded }),
  });
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isContainer(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}
