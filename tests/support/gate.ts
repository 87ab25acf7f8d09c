/** Where effects wait until a test lets them through: slowness without a clock. */
export class Gate {
  readonly #waiting = new Map<string, () => void>();
  readonly #arrivals: string[] = [];

  /** Waits for `open`; rejects with the signal's reason when that is aborted first, as a port does. */
  enter(name: string, signal: AbortSignal): Promise<void> {
    this.#arrivals.push(name);
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  /** Who waits, in the order of arrival. */
  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Everyone who ever came, in the order of arrival. */
  get arrivals(): readonly string[] {
    return this.#arrivals;
  }

  open(name: string): void {
    const pass = this.#waiting.get(name);
    if (pass === undefined) throw new Error(`Nobody called ${name} waits; ${this.waiting.join(', ')} do.`);
    this.#waiting.delete(name);
    pass();
  }
}

/** Lets everything that can happen without a gate happen: timers excepted, nothing else takes more than one turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
