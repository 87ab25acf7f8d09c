import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { LineAnswer, LineEnd } from './candidate-line.ts';

/** The engine's end of a `CandidateLine`: it waits in place, because an interpreter cannot be suspended. */
export interface RemoteLine {
  /** @throws LineEnded when the candidate answers no more */
  ask(message: Uint8Array): Uint8Array;
}

export class LineEnded extends Error {
  readonly end: LineEnd;
  constructor(end: LineEnd) {
    super(end.message);
    this.end = end;
  }
}

/**
 * @param port where questions go and answers come
 * @param answered shared with the other thread, which sets it to 1 when an answer is in the port
 */
export function openRemoteLine(port: MessagePort, answered: Int32Array): RemoteLine {
  let over: LineEnd | null = null;
  return {
    ask: (message) => {
      if (over !== null) throw new LineEnded(over);
      port.postMessage(message);
      Atomics.wait(answered, 0, 0);
      Atomics.store(answered, 0, 0);
      const answer = receiveMessageOnPort(port)?.message as LineAnswer | undefined;
      if (answer === undefined) throw new TypeError('The line was answered without an answer.');
      if (answer.kind === 'message') return answer.bytes;
      over = answer.end;
      throw new LineEnded(answer.end);
    },
  };
}
