import type { Readable } from 'node:stream';
import type { Engine } from './engine.ts';

/** An uninterrupted view of one life of the engine. */
export interface EngineSight {
  /** True while the engine has not gone away since the view began, and answers now. */
  isUnbroken(): Promise<boolean>;
}

export interface EngineWatch {
  /**
   * A view that begins now or earlier.
   *
   * @throws PawlError when the engine does not answer
   */
  sight(): Promise<EngineSight>;
  close(): void;
}

interface View extends EngineSight {
  isBroken(): boolean;
  close(): void;
}

const deadlineMs = 10_000;

/**
 * Keeps one connection open for as long as it is used: when the engine stops, is killed or starts anew, that connection
 * breaks. Without it, a container that an engine took with it looks like one that ended by itself.
 */
export function watchEngine(engine: Engine): EngineWatch {
  let current: Promise<View> | null = null;
  return {
    sight: async () => {
      const known = current;
      if (known !== null) {
        const view = await known.catch(() => null);
        if (view !== null && !view.isBroken()) return view;
        if (current === known) current = null;
      }
      current ??= openView(engine);
      return current;
    },
    close: () => {
      void current?.then((view) => view.close()).catch(() => {}); // whoever asked for it has the failure
      current = null;
    },
  };
}

async function openView(engine: Engine): Promise<View> {
  const events = await engine.stream({
    ...{ method: 'GET', path: '/events', purpose: 'watch the engine', askedFor: 'engine', deadlineMs },
    // Of these there are hardly any: only the connection counts.
    query: { filters: JSON.stringify({ type: ['daemon'] }) },
  });
  let broken = false;
  const onEnd = (): void => {
    broken = true;
  };
  events.on('error', onEnd).on('end', onEnd).on('close', onEnd).resume();
  unref(events);
  return {
    isBroken: () => broken,
    close: () => events.destroy(),
    isUnbroken: async () => {
      if (broken) return false;
      const ping = {
        method: 'GET',
        path: '/_ping',
        purpose: 'reach the engine',
        askedFor: 'engine',
      } as const;
      const answers = await engine.request({ ...ping, deadlineMs }).then(
        () => true,
        () => false,
      );
      // The connection's own end may have come while the engine was asked.
      return answers && !broken;
    },
  };
}

/** A watch alone keeps no process alive. */
function unref(events: Readable): void {
  if ('socket' in events) (events.socket as { unref?(): void } | null)?.unref?.();
}
