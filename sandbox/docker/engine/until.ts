import type { Engine, EngineCall } from './engine.ts';

/** The same engine, none of whose calls outlives the signal: they end with its reason. Streams that have begun go on. */
export function until(engine: Engine, end: AbortSignal): Engine {
  const bounded = (call: EngineCall): EngineCall => ({
    ...call,
    signal: call.signal === undefined ? end : AbortSignal.any([call.signal, end]),
  });
  return {
    at: engine.at,
    request: (call) => engine.request(bounded(call)),
    stream: (call) => engine.stream(bounded(call)),
    hijack: (call) => engine.hijack(bounded(call)),
  };
}
