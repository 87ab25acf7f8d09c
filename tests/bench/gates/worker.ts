import { parentPort, workerData } from 'node:worker_threads';
import { type LoopOptions, simulateLoop } from './loop.ts';

export interface Share extends Omit<LoopOptions, 'seed'> {
  readonly from: number;
  readonly to: number;
}

/** Sums over the loops of one share. */
export interface Sums {
  readonly loops: number;
  readonly withFalse: number;
  readonly accuracy: number;
  readonly accuracySquares: number;
  readonly evaluations: number;
}

function work({ from, to, ...options }: Share): Sums {
  let withFalse = 0;
  let accuracy = 0;
  let accuracySquares = 0;
  let evaluations = 0;
  for (let loop = from; loop < to; loop += 1) {
    const result = simulateLoop({ ...options, seed: Math.imul(loop + 1, 2654435761) });
    withFalse += result.falsePromotions > 0 ? 1 : 0;
    accuracy += result.accuracy;
    accuracySquares += result.accuracy ** 2;
    evaluations += result.heldOutEvaluations;
  }
  return { loops: to - from, withFalse, accuracy, accuracySquares, evaluations };
}

parentPort?.postMessage(work(workerData as Share));
