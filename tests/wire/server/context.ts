import type { Metadata } from '@grpc/grpc-js';
import type { Database } from './database.ts';
import type { Faults } from './faults.ts';
import type { Member } from './gossip-call.ts';
import type { Groups } from './groups/groups.ts';
import type { OpenCalls } from './open-calls.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Largest append, and largest event in it, in bytes as the real server counts: data, metadata, two per letter of the type. */
export interface SizeLimits {
  readonly appendBytesMax: number;
  readonly eventBytesMax: number;
}

export type NodeRole = 'leader' | 'follower' | 'read-only replica';

/** What the services of one node share. */
export interface ServerContext {
  /** Another one after `recreate`. */
  readonly database: Database;
  readonly groups: Groups;
  readonly faults: Faults;
  readonly openCalls: OpenCalls;
  readonly limits: SizeLimits;
  readonly role: NodeRole;
  /** Where a node that is not the leader sends writers; null when there is none. */
  readonly leader: Endpoint | null;
  /** As gossip tells it. */
  members(): readonly Member[];
  /** @throws ServiceError when the caller may not do that */
  authorize(metadata: Metadata, right: 'read' | 'read all' | 'write'): void;
  /** All consumers are dropped, and the groups start again from what the database keeps of them. */
  restartGroups(): void;
  /** Cuts the connection that a call came over. */
  cut(peer: string): void;
}
