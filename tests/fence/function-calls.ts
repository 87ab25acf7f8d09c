import { Session } from 'node:inspector';

/** Counts calls of functions by module, from now on. Node runs the sources as they are, so names are those of the sources. */
export class CallCounter {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  }

  /** Names of the functions that were called since the last time it was asked, by `file:` address. */
  take(): ReadonlyMap<string, readonly string[]> {
    const modules = new Map<string, readonly string[]>();
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      for (const { url, functions } of result) {
        const called = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
        modules.set(
          url,
          called.map(({ functionName }) => functionName),
        );
      }
    });
    return modules;
  }
}
