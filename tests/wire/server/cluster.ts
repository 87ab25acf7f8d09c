import { ServerCredentials } from '@grpc/grpc-js';
import { Database } from './database.ts';
import type { Member } from './gossip-call.ts';
import { WireNode } from './wire-node.ts';

/** Three nodes over one log, in this process: replication is perfect here, only the roles move. */
export interface WireCluster {
  readonly nodes: readonly WireNode[];
  /** For the client: all three addresses. */
  readonly url: string;
  /** Makes one node the leader, by index; null: there is none, and nobody may write. */
  elect(leader: number | null): void;
  /** Node and its connections go away; the others say so. */
  kill(index: number): Promise<void>;
  stop(): Promise<void>;
}

const NODES = 3;

export async function startWireCluster(): Promise<WireCluster> {
  const database = new Database(null);
  const nodes = Array.from({ length: NODES }, () => {
    return new WireNode({}, ServerCredentials.createInsecure(), database);
  });
  await Promise.all(nodes.map((node) => node.open()));
  const dead = new Set<number>();
  let leader: number | null = 0;
  const roleOf = (index: number): Member['role'] => {
    if (leader === null) return 'unknown';
    return index === leader ? 'leader' : 'follower';
  };
  const members = (): readonly Member[] =>
    nodes.map((node, index) => ({ endpoint: node.endpoint, role: roleOf(index), alive: !dead.has(index) }));
  const elect = (next: number | null): void => {
    leader = next;
    const endpoint = next === null ? null : (nodes[next]?.endpoint ?? null);
    for (const [index, node] of nodes.entries())
      node.setRole(index === next ? 'leader' : 'follower', endpoint);
  };
  for (const node of nodes) node.setMembers(members);
  elect(0);
  return {
    nodes,
    url: `esdb://${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}?tls=false`,
    elect,
    kill: async (index) => {
      dead.add(index);
      await nodes[index]?.close();
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
