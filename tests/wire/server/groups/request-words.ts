import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import { filterWords } from '../event-filter.ts';
import type { ConsumerStrategy, GroupConfig, GroupSettings } from './group-settings.ts';

interface Identifier {
  getStreamName_asU8(): Uint8Array;
}

interface StreamOrAll {
  hasAll(): boolean;
  getStreamIdentifier(): Identifier | undefined;
}

const STRATEGIES: readonly ConsumerStrategy[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

export function nameOf(identifier: Identifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

/** `$all` or the name of the stream. */
export function sourceOf(options: StreamOrAll): string {
  return options.hasAll() ? '$all' : nameOf(options.getStreamIdentifier());
}

type Settings = CreateReq.Settings | UpdateReq.Settings;

function settingsOf(settings: Settings, startFrom: number | 'end'): GroupSettings {
  return {
    startFrom,
    messageTimeoutMs: settings.getMessageTimeoutMs(),
    maxRetryCount: settings.getMaxRetryCount(),
    checkpointAfterMs: settings.getCheckpointAfterMs(),
    minCheckpointCount: settings.getMinCheckpointCount(),
    maxCheckpointCount: settings.getMaxCheckpointCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    historyBufferSize: settings.getHistoryBufferSize(),
    strategy: STRATEGIES[settings.getNamedConsumerStrategy()] ?? 'RoundRobin',
    resolveLinks: settings.getResolveLinks(),
    extraStatistics: settings.getExtraStatistics(),
  };
}

type Options = CreateReq.Options | UpdateReq.Options;

/** What old clients, and this one, send for the end: the greatest unsigned number. */
const END = '18446744073709551615';

function startOf(options: Options): number | 'end' {
  const place = options.getAll() ?? options.getStream();
  if (place === undefined) {
    const revision = options.getSettings()?.getRevision() ?? '0';
    return revision === END ? 'end' : Number(revision);
  }
  if (place.hasStart()) return 0;
  if (place.hasEnd()) return 'end';
  return Number('getRevision' in place ? place.getRevision() : place.getPosition()?.getCommitPosition());
}

/** What a request to create or update a group asks for. Throws an Error with the server's words for what it would refuse. */
export function groupConfig(options: Options): GroupConfig {
  const all = options.getAll();
  const settings = options.getSettings();
  if (settings === undefined) throw new Error('The settings are missing.');
  const words = all !== undefined && 'getFilter' in all ? all.getFilter() : undefined;
  // The field beside the settings is the older one; the client that is tested fills in no other.
  const stream = options.getStream()?.getStreamIdentifier() ?? options.getStreamIdentifier();
  const config = {
    source: all === undefined ? nameOf(stream) : '$all',
    name: options.getGroupName(),
    settings: settingsOf(settings, startOf(options)),
    filter: words === undefined ? null : filterWords(words),
  };
  if (config.settings.readBatchSize >= config.settings.historyBufferSize) {
    throw new Error('ReadBatchSize may not be greater than or equal to BufferSize');
  }
  return config;
}
