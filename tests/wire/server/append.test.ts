import { type EventStoreDBClient, WrongExpectedVersionError } from '@eventstore/db-client';
import { describe, expect, test } from 'vitest';
import { type AppendRow, appendTable, type StateBefore } from './append-table.ts';
import { event, idOf, wirePair } from './wire-client.ts';

const STREAM = 'test.stream';

/** Brings the stream into a state. */
async function bringInto(client: EventStoreDBClient, state: StateBefore): Promise<void> {
  if (state === 'metadata only') await client.setStreamMetadata(STREAM, { owner: 'nobody' });
  for (const number of state.match(/\d/g) ?? []) await client.appendToStream(STREAM, event(Number(number)));
  if (state.startsWith('soft')) await client.deleteStream(STREAM);
  if (state.startsWith('tombstone')) await client.tombstoneStream(STREAM);
}

async function outcomeOf(client: EventStoreDBClient, row: AppendRow): Promise<string> {
  const before = (await idsInLog(client)).length;
  try {
    const events = row.numbers.map((number) => event(number));
    const { expected } = row;
    const done = await client.appendToStream(STREAM, events, { expectedRevision: expected });
    expect(done.success).toBe(true);
    const written = (await idsInLog(client)).length - before;
    expect([0, events.length]).toContain(written);
    return `${written === 0 ? 'repeated' : 'stored'} ${done.nextExpectedRevision}`;
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) {
      expect(error.expectedVersion).toBe(row.expected);
      return `wrong ${error.actualVersion}`;
    }
    expect(error).toMatchObject({ type: 'stream-deleted', streamName: STREAM });
    return 'deleted';
  }
}

/** Ids of all events of the stream in the log, whatever reads of the stream hide. */
async function idsInLog(client: EventStoreDBClient): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { event: read } of client.readAll()) {
    if (read?.streamId === STREAM && read.type !== '$streamDeleted') ids.push(read.id);
  }
  return ids;
}

async function shown(client: EventStoreDBClient): Promise<string> {
  const numbers: string[] = [];
  try {
    for await (const { event: read } of client.readStream(STREAM)) numbers.push(read?.id.at(-1) ?? '');
    return numbers.join(' ');
  } catch (error) {
    if ((error as { type: string }).type === 'stream-deleted') return 'deleted';
    expect(error).toMatchObject({ type: 'stream-not-found' });
    return 'not found';
  }
}

describe.each([
  { path: 'batch', batchAppend: true },
  { path: 'classic', batchAppend: false },
])('appends over the $path path', ({ batchAppend }) => {
  const title = '$before, expecting $expected, appending $numbers: $outcome, then $after';
  test.each(appendTable())(title, async (row) => {
    const { client } = await wirePair({ batchAppend });
    await bringInto(client, row.before);
    expect(await outcomeOf(client, row)).toBe(row.outcome);
    expect(await shown(client)).toBe(row.after);
  });

  test('an id that is stored in another stream is no repetition here', async () => {
    const { client } = await wirePair({ batchAppend });
    await client.appendToStream('test.other', event(0));
    const done = await client.appendToStream(STREAM, event(0), { expectedRevision: 'any' });
    expect(done.nextExpectedRevision).toBe(0n);
    expect(await idsInLog(client)).toEqual([idOf(0)]);
  });

  test('ids are compared and contents are not: the second bytes are lost without a word', async () => {
    const { client } = await wirePair({ batchAppend });
    await client.appendToStream(STREAM, event(0), { expectedRevision: 'no_stream' });
    const other = { ...event(0), data: Buffer.from('something else') };
    await client.appendToStream(STREAM, other, { expectedRevision: 'no_stream' });
    for await (const { event: read } of client.readStream(STREAM)) {
      expect(Buffer.from(read?.data as Uint8Array).toString()).toBe('event 0');
    }
  });

  test('1 MiB of data, metadata and twice the letters of the type is taken, and one byte more is not', async () => {
    const { client } = await wirePair({ batchAppend });
    const sized = (bytes: number) => ({
      ...event(0, 'Ten letter'),
      data: new Uint8Array(bytes - 20 - 5),
      metadata: new Uint8Array(5),
    });
    await expect(client.appendToStream(STREAM, sized(1_048_577))).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1_048_576,
    });
    expect((await client.appendToStream(STREAM, sized(1_048_576))).nextExpectedRevision).toBe(0n);
    const three = [1, 2, 3].map((number) => ({ ...event(number, 'T'), data: new Uint8Array(400_000) }));
    await expect(client.appendToStream(STREAM, three)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
    });
    expect(await idsInLog(client)).toEqual([idOf(0)]);
  });

  test('a newer server takes 16 MiB per event and more per append', async () => {
    const { client } = await wirePair({ batchAppend, limits: 'modern' });
    const sized = (number: number, bytes: number) => ({ ...event(number, 'T'), data: new Uint8Array(bytes) });
    await expect(client.appendToStream(STREAM, sized(0, 16 * 1_048_576 - 1))).rejects.toThrow(
      batchAppend ? 'Could not recognize' : 'exceeds Maximum Append Event Size',
    );
    const three = [0, 1, 2].map((number) => sized(number, 1_048_576));
    expect((await client.appendToStream(STREAM, three)).nextExpectedRevision).toBe(2n);
  });

  test('an id that is no UUID is refused', async () => {
    const { client } = await wirePair({ batchAppend });
    const events = [{ ...event(0), id: '01J9ZB3T5Y0000000000000000' }];
    await expect(client.appendToStream(STREAM, events)).rejects.toThrow(
      batchAppend ? 'Could not recognize Bad Request' : 'Guid should contain 32 digits',
    );
  });

  test('the position of an append is that of its last event, the first time and every other', async () => {
    const { client } = await wirePair({ batchAppend });
    const both = [event(0), event(1)];
    const first = await client.appendToStream(STREAM, both, { expectedRevision: 'no_stream' });
    const again = await client.appendToStream(STREAM, both, { expectedRevision: 'no_stream' });
    expect(again.position).toEqual(first.position);
    const positions: bigint[] = [];
    for await (const { event: read } of client.readAll()) positions.push(read?.position?.commit ?? -1n);
    expect(positions).toEqual([0n, first.position?.commit]);
  });
});
