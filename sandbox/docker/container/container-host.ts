import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isPawlError, PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from '../engine/engine.ts';
import { type EngineFacts, engineFacts } from '../engine/engine-facts.ts';
import { watchEngine } from '../engine/engine-watch.ts';
import { requireImage } from '../engine/resolve-image.ts';
import { understood } from '../engine/understood.ts';
import { remembered } from '../remembered.ts';
import { type HandedProfile, handOverProfile } from '../seccomp/hand-over-profile.ts';
import type { DockerSettings } from '../settings.ts';
import type { ContainerHost, ContainerSpec, RunningContainer } from './container.ts';
import { createBody } from './create-body.ts';
import { hostLabel, labelsOf } from './labels.ts';
import { listContainers } from './list-containers.ts';
import type { Owner } from './owner.ts';
import { removeContainer } from './remove-container.ts';
import { requireLimits } from './require-limits.ts';
import { runningContainer } from './running-container.ts';
import { removeAll, sweepContainers } from './sweep.ts';

const createdSchema = z.object({ Id: z.string().min(1) });
const startDeadlineMs = 60_000;
/** How long `close` waits for an engine that does not answer, and for one that does to remove what is there, milliseconds. */
const closePatienceMs = 6_000;
const closeRemovalMs = 20_000;
const closePauseMs = 500;
/** A creation whose answer was lost may still be carried out for so long, milliseconds. */
const lateCreationMs = 120_000;

interface Held {
  readonly name: string;
  container: RunningContainer | null;
  /** Settles when it is gone. */
  remove(): Promise<void>;
}

/**
 * Makes hardened containers on one engine. The names are chosen here, so that a container whose creation was never answered
 * can be found again; what exists under our label without being known is removed.
 *
 * @param owner the process that containers are to die with
 */
export function createContainerHost(engine: Engine, settings: DockerSettings, owner: Owner): ContainerHost {
  const hostId = randomUUID();
  const labels = labelsOf(owner, hostId);
  const watch = watchEngine(engine);
  const held = new Map<string, Held>();
  const starting = new Set<Promise<unknown>>();
  const closing = new AbortController();
  /** A creation that is cut short may still be carried out, when nobody looks any more: it gets time to be answered. */
  const closingLate = new AbortController();
  let profile: HandedProfile | null = null;
  const engineIs = remembered<'', { readonly facts: EngineFacts; readonly seccomp: string | null }>(
    async () => {
      const facts = await engineFacts(engine);
      requireLimits(facts, settings, engine.at);
      profile ??= await handOverProfile(settings, facts);
      return { facts, seccomp: profile.option };
    },
  );
  const volumes = remembered(async (image: string) => (await requireImage(engine, image)).volumes);
  let count = 0;
  let lateUntilMs = 0;
  let isLooking = false;
  let closed: Promise<void> | null = null;

  const removeUnknown = async (listMsMax?: number, signal?: AbortSignal): Promise<number> => {
    const ours = await listContainers(engine, `${hostLabel}=${hostId}`, listMsMax);
    return removeAll(
      engine,
      ours.filter(({ name }) => !held.has(name)),
      signal,
    );
  };
  /** Looks for a container that the engine may make although nobody waits for it any more. */
  const lookForLate = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    while (performance.now() < lateUntilMs && !closing.signal.aborted) {
      await removeUnknown().catch(() => 0); // an engine that is away is asked again
      await pause(2_000, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
    isLooking = false;
  };
  const expectLate = (): void => {
    lateUntilMs = performance.now() + lateCreationMs;
    void lookForLate();
  };
  const hold = (name: string): Held => {
    let removing: Promise<void> | null = null;
    const remove = async (): Promise<void> => {
      try {
        await removeContainer(engine, name, { patienceMs: settings.patienceMs, signal: closing.signal });
      } catch (error) {
        if (!closing.signal.aborted) throw error;
        await closed; // which removes all there are
      } finally {
        held.delete(name); // what could not be removed is unknown from here on, and so it is swept
      }
    };
    const entry: Held = {
      name,
      container: null,
      remove: () => {
        removing ??= remove();
        return removing;
      },
    };
    held.set(name, entry);
    return entry;
  };

  const create = async (body: object, spec: ContainerSpec, entry: Held): Promise<string> => {
    try {
      const json = await engine.request({
        ...{ method: 'POST', path: '/containers/create', query: { name: entry.name }, body },
        ...{ deadlineMs: startDeadlineMs, signal: closingLate.signal },
        ...{ purpose: 'create a container', askedFor: 'image' },
      });
      return understood(engine, 'a new container', createdSchema, json).Id;
    } catch (error) {
      held.delete(entry.name);
      if (isPawlError(error, 'IMAGE_MISSING')) volumes.forget(spec.image);
      const isAnswered = isPawlError(error) && typeof error.context['status'] === 'number';
      if (!isAnswered) expectLate();
      throw error;
    }
  };
  const start = async (spec: ContainerSpec): Promise<RunningContainer> => {
    const { facts, seccomp } = await engineIs('');
    const body = createBody(spec, settings, facts, { volumes: await volumes(spec.image), labels, seccomp });
    closing.signal.throwIfAborted();
    count += 1;
    const entry = hold(`pawl-${hostId}-${count}`);
    const id = await create(body, spec, entry);
    const call = { method: 'POST', deadlineMs: startDeadlineMs, askedFor: 'container' } as const;
    const ask = { ...call, signal: closing.signal };
    try {
      const sight = await watch.sight();
      const connection = await engine.hijack({
        ...ask,
        path: `/containers/${id}/attach`,
        query: { stream: '1', stdin: '1', stdout: '1', stderr: '1' },
        purpose: 'attach to a container',
      });
      const container = runningContainer({ engine, id, spec, connection, sight, remove: entry.remove });
      entry.container = container;
      await engine.request({ ...ask, path: `/containers/${id}/start`, purpose: 'start a container' });
      return container;
    } catch (error) {
      // The failure to start is what counts; close and sweep look again.
      (entry.container?.destroy() ?? entry.remove()).catch(() => {});
      throw error;
    }
  };

  const close = async (): Promise<void> => {
    closing.abort(closedError());
    watch.close();
    const timer = setTimeout(() => closingLate.abort(closedError()), closePatienceMs / 2);
    await Promise.allSettled(starting);
    clearTimeout(timer);
    await profile?.remove();
    // An engine does not come to the end of a container whose output waits to be read.
    for (const { container } of held.values()) container?.destroy().catch(() => {});
    held.clear();
    if (count === 0) return;
    const endMs = performance.now() + closePatienceMs;
    const tooLong = AbortSignal.timeout(closeRemovalMs);
    for (;;) {
      try {
        await removeUnknown(closePatienceMs / 2, tooLong);
        break;
      } catch (error) {
        if (tooLong.aborted) throw notRemoved(engine.at, error);
        if (performance.now() + closePauseMs > endMs) throw error;
      }
      await pause(closePauseMs);
    }
    // Those of others that died meanwhile; where that fails, the next one to start finds them.
    await sweepContainers(engine, tooLong).catch(() => null);
  };
  return {
    start: (spec) => {
      if (closed !== null) return Promise.reject(closedError());
      const started = start(spec);
      starting.add(started);
      started.catch(() => {}).finally(() => starting.delete(started));
      return started;
    },
    sweep: async () => (await removeUnknown()) + (await sweepContainers(engine)).removed,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

const notRemoved = (at: string, cause: unknown): PawlError =>
  new PawlError('ENGINE_UNREACHABLE', `The engine at ${at} did not remove the containers that were left.`, {
    cause,
  });
const closedError = (): PawlError => new PawlError('SANDBOX_CLOSED', 'The sandbox was closed.');
