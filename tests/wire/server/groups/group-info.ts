import type { SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js';
import { groups } from '../protocol.ts';
import type { Group } from './group.ts';

/** What the server tells of a group. */
export function groupInfo(group: Group): SubscriptionInfo {
  const { config, settings } = group;
  const place = (value: number | null): string => {
    if (value === null) return '';
    return config.source === '$all' ? `C:${value}/P:${value}` : String(value);
  };
  const info = new groups.SubscriptionInfo();
  info.setEventSource(config.source);
  info.setGroupName(config.name);
  info.setStatus('Live');
  info.setConnectionsList(
    group.consumers.map((consumer) => {
      const connection = new groups.SubscriptionInfo.ConnectionInfo();
      connection.setFrom(consumer.peer);
      connection.setConnectionName(consumer.connectionName);
      connection.setTotalItems(String(consumer.delivered));
      connection.setCountSinceLastMeasurement('0');
      connection.setAvailableSlots(consumer.bufferSize - consumer.unanswered.size);
      connection.setInFlightMessages(consumer.unanswered.size);
      return connection;
    }),
  );
  info.setTotalItems(String(group.deliveredCount));
  info.setCountSinceLastMeasurement('0');
  info.setLastCheckpointedEventPosition(place(group.checkpointed));
  info.setLastKnownEventPosition(place(group.source.lastKnown()));
  info.setResolveLinkTos(settings.resolveLinks);
  info.setStartFrom(place(settings.startFrom === 'end' ? null : settings.startFrom));
  info.setMessageTimeoutMilliseconds(settings.messageTimeoutMs);
  info.setExtraStatistics(settings.extraStatistics);
  info.setMaxRetryCount(settings.maxRetryCount);
  info.setLiveBufferSize(settings.liveBufferSize);
  info.setBufferSize(settings.historyBufferSize);
  info.setReadBatchSize(settings.readBatchSize);
  info.setCheckPointAfterMilliseconds(settings.checkpointAfterMs);
  info.setMinCheckPointCount(settings.minCheckpointCount);
  info.setMaxCheckPointCount(settings.maxCheckpointCount);
  info.setReadBufferCount(0);
  info.setLiveBufferCount('0');
  info.setRetryBufferCount(group.retryCount);
  info.setTotalInFlightMessages(group.outstanding.size);
  info.setOutstandingMessagesCount(group.outstanding.size);
  info.setNamedConsumerStrategy(settings.strategy);
  info.setMaxSubscriberCount(settings.maxSubscriberCount);
  info.setParkedMessageCount(String(group.parkedCount));
  return info;
}
