import type { EventEmitter } from 'node:events';

/** A call of any shape; the second argument is how those answer that answer once. */
type Handler<Call extends EventEmitter, Rest extends readonly unknown[]> = (
  call: Call,
  ...rest: Rest
) => void;

/** What ends a call: its caller gave it up or is gone, it failed, or the server has said all. */
const ENDS = ['cancelled', 'error', 'finish', 'close'] as const;

/** Calls that have begun and to which neither side has put an end, by kind: what a client leaves behind stays in here. */
export class OpenCalls {
  readonly #counts = new Map<string, number>();

  /** The same handler, with its calls counted. */
  counted<Call extends EventEmitter, Rest extends readonly unknown[]>(
    kindOf: (call: Call) => string,
    handler: Handler<Call, Rest>,
  ): Handler<Call, Rest> {
    return (call, ...rest) => {
      const kind = kindOf(call);
      this.#add(kind, 1);
      let open = true;
      const end = (): void => {
        if (open) this.#add(kind, -1);
        open = false;
      };
      for (const name of ENDS) call.once(name, end);
      const answering = rest.map((item) =>
        typeof item !== 'function'
          ? item
          : (...answer: readonly unknown[]) => {
              end();
              return item(...answer);
            },
      ) as unknown as Rest;
      handler(call, ...answering);
    };
  }

  /** How many are open of each kind of which there are any. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #add(kind: string, change: 1 | -1): void {
    const count = (this.#counts.get(kind) ?? 0) + change;
    if (count === 0) this.#counts.delete(kind);
    else this.#counts.set(kind, count);
  }
}
