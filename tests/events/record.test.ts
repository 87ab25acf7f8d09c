import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AnyRecordedEvent,
  checkRecord,
  decodeRecord,
  encodeRecord,
  recordBytesMax,
} from '../../src/events/record.ts';
import { eventIdSchema, streamNameSchema } from '../../src/events/shapes.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { eventDraft } from '../ledger/event-factory.ts';
import { stream } from '../ledger/record-factory.ts';

const name = stream('episode');
const encoded = (): Uint8Array => encodeRecord(eventDraft(1), name, 4);

describe('writing a record', () => {
  test('gives canonical JSON of the envelope, these bytes and no others', () => {
    expect(Buffer.from(encoded()).toString()).toMatchInlineSnapshot(
      `"{"actor":"tester","at":1750000000001,"causation":"01J8XK3QZV0000000000000000","correlation":"run-test","data":{"candidate":"dda18a0e21ae47c53b4309434cbc02ae8bf764fa83a6defbb719431242722aa7","components":{"passed":1,"total":7},"execution":{"attempt":0,"occurrence":0,"ordinal":1},"scorer":"tests","scorerVersion":1,"value":0.14285714285714285},"id":"01J8XK3QZV0000000000000001","revision":4,"stream":"test-episode","type":"CandidateScored","version":1}"`,
    );
  });

  test('is read back as what was written', () => {
    const bytes = encoded();
    const event = decodeRecord(17, bytes);
    expect(event).toEqual({ ...eventDraft(1), version: 1, stream: name, revision: 4, position: 17 });
    expect(decodeRecord(17, Buffer.from(bytes).toString())).toEqual(event);
    const { position: _position, ...envelope } = event;
    expect(canonicalJson(envelope)).toBe(Buffer.from(bytes).toString());
    expect(() => checkRecord(event)).not.toThrow();
  });

  test('refuses what its schema refuses, naming the place', () => {
    const draft = { ...eventDraft(1), data: { ...eventDraft(1).data, scorerVersion: 0 } };
    expect(() => encodeRecord(draft, name, 0)).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT', message: expect.stringContaining('scorerVersion') }),
    );
    const unknownMember = { ...eventDraft(1), data: { ...eventDraft(1).data, extra: 1 } };
    expect(() => encodeRecord(unknownMember, name, 0)).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT' }),
    );
  });

  test('refuses an unknown type, what has no canonical form, and what is too large', () => {
    const type = 'NeverHeardOf' as 'CandidateScored';
    expect(() => encodeRecord({ ...eventDraft(1), type }, name, 0)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_EVENT_TYPE' }),
    );
    expect(() => encodeRecord({ ...eventDraft(1), actor: '\ud800' }, name, 0)).toThrow(
      expect.objectContaining({ code: 'NOT_CANONICALIZABLE' }),
    );
    const sized = (length: number): Uint8Array =>
      encodeRecord({ ...eventDraft(1), actor: 'x'.repeat(length) }, name, 0);
    const most = recordBytesMax - sized(1).length + 1;
    expect(sized(most)).toHaveLength(recordBytesMax);
    expect(() => sized(most + 1)).toThrow(
      expect.objectContaining({
        code: 'RECORD_TOO_LARGE',
        context: expect.objectContaining({ bytes: recordBytesMax + 1 }),
      }),
    );
  });
});

describe('reading a record', () => {
  test('refuses bytes that are not an event', () => {
    for (const bytes of ['', '{', 'null', '[]', '1', '{}', '{"type":1}'].map((text) => Buffer.from(text))) {
      expect(() => decodeRecord(3, bytes)).toThrow(
        expect.objectContaining({ code: 'LEDGER_CORRUPT', context: { position: 3 } }),
      );
    }
    expect(() => decodeRecord(3, Uint8Array.from([0x22, 0xff, 0x22]))).toThrow(
      expect.objectContaining({ code: 'LEDGER_CORRUPT' }),
    );
    expect(() => decodeRecord(3, Buffer.from('{"type":"NeverHeardOf"}'))).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_EVENT_TYPE' }),
    );
  });
});

describe('checking a record', () => {
  const event = (): Record<string, unknown> => ({ ...decodeRecord(0, encoded()) });
  const wrong: readonly (readonly [string, unknown])[] = [
    ['id', 'lower-case'],
    ['id', `8${'0'.repeat(25)}`],
    ['version', 0],
    ['version', 1.5],
    ['stream', 'nodash'],
    ['stream', 'Upper-x'],
    ['revision', -1],
    ['revision', '0'],
    ['at', -1],
    ['at', 2 ** 53],
    ['actor', ''],
    ['correlation', null],
    ['causation', 'x'],
    ['causation', undefined],
    ['data', null],
    ['data', []],
    ['extra', 1],
  ];
  for (const [member, value] of wrong) {
    test(`refuses ${member} ${JSON.stringify(value)}`, () => {
      expect(() => checkRecord({ ...event(), [member]: value } as unknown as AnyRecordedEvent)).toThrow(
        expect.objectContaining({ code: 'LEDGER_CORRUPT' }),
      );
    });
  }

  test('holds ids and stream names to the same patterns as their schemas', () => {
    const accepts = (change: object): boolean => {
      try {
        checkRecord({ ...event(), ...change } as unknown as AnyRecordedEvent);
        return true;
      } catch {
        return false;
      }
    };
    const nearId = fc.stringMatching(/^[0-9][0-9A-Za-z]{24,26}$/);
    const nearStream = fc.stringMatching(/^[a-zA-Z]*[-_]?[A-Za-z0-9._: -]{0,130}$/);
    fc.assert(
      fc.property(nearId, nearStream, (id, near) => {
        expect(accepts({ id })).toBe(eventIdSchema.safeParse(id).success);
        expect(accepts({ stream: near })).toBe(streamNameSchema.safeParse(near).success);
      }),
      { numRuns: 300 },
    );
  });
});
