import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { ContainerHost, ContainerSpec, RunningContainer } from './container.ts';

export interface WarmPoolLimits {
  /** Containers kept ready for each kind that is in use. */
  readonly warm: number;
  /** Containers at once, whatever becomes of them: being started, ready, taken, being destroyed. */
  readonly containersMax: number;
  /** Containers being started at once. */
  readonly startsMax: number;
  /** Kinds for which something is kept ready; the one that was not asked for longest is let go. */
  readonly kindsMax: number;
}

/** What the pool has now, for each state a container is in. */
export interface PoolCounts {
  readonly ready: number;
  readonly starting: number;
  readonly taken: number;
  readonly ending: number;
}

export interface WarmPool {
  /**
   * A container of this kind that nobody has used, started ahead where possible. Whoever takes it destroys it.
   *
   * @throws PawlError why none could be started, or `SANDBOX_CLOSED`; the signal's reason when that came first
   */
  take(spec: ContainerSpec, signal?: AbortSignal): Promise<RunningContainer>;
  counts(): PoolCounts;
  /** Destroys all. Idempotent. */
  close(): Promise<void>;
}

interface Taker {
  readonly resolve: (container: RunningContainer) => void;
  readonly reject: (reason: unknown) => void;
}

interface Kind {
  readonly spec: ContainerSpec;
  readonly ready: RunningContainer[];
  readonly takers: Taker[];
  starting: number;
  /** After a failure nothing is started ahead, until somebody asks again. */
  hasFailed: boolean;
}

type Source = Pick<ContainerHost, 'start'>;

/** Containers started before they are asked for, each of them used once. */
export function createWarmPool(host: Source, limits: WarmPoolLimits): WarmPool {
  /** In the order in which they were last asked for. */
  const kinds = new Map<string, Kind>();
  const taken = new Set<RunningContainer>();
  const ending = new Set<Promise<void>>();
  const starts = new Set<Promise<void>>();
  let closed: Promise<void> | null = null;

  const all = (): readonly Kind[] => [...kinds.values()];
  const counts = (): PoolCounts => ({
    ready: all().reduce((sum, kind) => sum + kind.ready.length, 0),
    starting: starts.size,
    taken: taken.size,
    ending: ending.size,
  });
  const total = (): number => Object.values(counts()).reduce((sum, count) => sum + count, 0);

  /** In the background; what the engine could not remove is found by a sweep. */
  const destroy = (container: RunningContainer): Promise<void> => {
    const gone = container.destroy();
    const settled = gone.catch(() => {});
    ending.add(settled);
    void settled.then(() => {
      ending.delete(settled);
      pump();
    });
    return gone;
  };
  /** The container as its taker has it: its place in the pool is free when it is gone. */
  const lend = (container: RunningContainer): RunningContainer => {
    let destroying: Promise<void> | null = null;
    const lent: RunningContainer = {
      ...container,
      destroy: () => {
        taken.delete(lent);
        destroying ??= destroy(container);
        return destroying;
      },
    };
    taken.add(lent);
    return lent;
  };
  /** One that died while it waited is nobody's failure; but made again before somebody asks, it would be made for ever. */
  const dropDead = (kind: Kind): void => {
    for (const container of kind.ready.filter((candidate) => candidate.isOver())) {
      kind.ready.splice(kind.ready.indexOf(container), 1);
      kind.hasFailed = true;
      destroy(container).catch(() => {});
    }
  };
  const settleTakers = (kind: Kind): void => {
    dropDead(kind);
    while (kind.takers.length > 0 && kind.ready.length > 0) {
      const container = kind.ready.shift();
      if (container !== undefined) kind.takers.shift()?.resolve(lend(container));
    }
  };
  const start = async (kind: Kind): Promise<void> => {
    try {
      const container = await host.start(kind.spec);
      const taker = kind.takers.shift();
      // Also one that has ended already: whoever waits for it finds out why, instead of waiting for one that does not end.
      if (taker !== undefined) taker.resolve(lend(container));
      else if (closed !== null || kinds.get(keyOf(kind.spec)) !== kind) destroy(container).catch(() => {});
      else kind.ready.push(container);
    } catch (error) {
      kind.hasFailed = true;
      kind.takers.shift()?.reject(error);
    }
  };
  const begin = (kind: Kind): void => {
    kind.starting += 1;
    const started = start(kind);
    starts.add(started);
    void started.then(() => {
      kind.starting -= 1;
      starts.delete(started);
      pump();
    });
  };
  /** Makes room for a taker by giving up what is ready for others, the longest unused first. */
  const makeRoom = (): void => {
    const idle = all().find((kind) => kind.takers.length === 0 && kind.ready.length > 0);
    const container = idle?.ready.shift();
    if (container !== undefined) destroy(container).catch(() => {});
  };
  const dropKinds = (): void => {
    for (const [key, kind] of kinds) {
      if (kinds.size <= limits.kindsMax) return;
      if (kind.takers.length > 0) continue;
      kinds.delete(key);
      for (const container of kind.ready.splice(0)) destroy(container).catch(() => {});
    }
  };
  const mayStart = (): boolean => starts.size < limits.startsMax && total() < limits.containersMax;

  function pump(): void {
    if (closed !== null) return;
    for (const kind of all()) settleTakers(kind);
    for (const kind of all()) {
      while (kind.starting < kind.takers.length && mayStart()) begin(kind);
    }
    const isShort = all().some((kind) => kind.starting < kind.takers.length);
    if (isShort && total() >= limits.containersMax && ending.size === 0) makeRoom();
    if (isShort) return; // nothing is made ahead while somebody waits
    for (const kind of all().toReversed()) {
      const wanted = kind.hasFailed ? 0 : limits.warm + kind.takers.length;
      while (kind.ready.length + kind.starting < wanted && mayStart()) begin(kind);
    }
  }

  const kindOf = (spec: ContainerSpec): Kind => {
    const key = keyOf(spec);
    const kind = kinds.get(key) ?? { spec, ready: [], takers: [], starting: 0, hasFailed: false };
    kind.hasFailed = false;
    kinds.delete(key);
    kinds.set(key, kind);
    return kind;
  };
  const take = (spec: ContainerSpec, signal?: AbortSignal): Promise<RunningContainer> => {
    if (closed !== null) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(signal.reason);
    const kind = kindOf(spec);
    const { promise, resolve, reject } = Promise.withResolvers<RunningContainer>();
    const taker: Taker = { resolve, reject };
    const onAbort = (): void => {
      const place = kind.takers.indexOf(taker);
      if (place < 0) return; // it has its container
      kind.takers.splice(place, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    kind.takers.push(taker);
    dropKinds();
    pump();
    return promise.finally(() => signal?.removeEventListener('abort', onAbort));
  };
  const close = async (): Promise<void> => {
    for (const kind of all()) for (const taker of kind.takers.splice(0)) taker.reject(closedError());
    await Promise.all(starts);
    const left = [...taken, ...all().flatMap((kind) => kind.ready.splice(0).map(lend))];
    kinds.clear();
    const outcomes = await Promise.allSettled(left.map((container) => container.destroy()));
    await Promise.all(ending);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
  return {
    take,
    counts,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

const keyOf = ({ image, command, isolation, memoryBytes, workIsExecutable }: ContainerSpec): string =>
  JSON.stringify([image, command, isolation, memoryBytes, workIsExecutable]);

const closedError = (): PawlError => new PawlError('SANDBOX_CLOSED', 'The sandbox was closed.');
