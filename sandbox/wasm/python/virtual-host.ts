import { hash } from 'node:crypto';
import type { Host } from './imports.ts';
import { Stop } from './stop.ts';

/** Every reading of a clock takes a microsecond. */
const TICK_SECONDS = 1e-6;
/** 2024-01-01T00:00:00Z; the seed decides the second within the year that follows. */
const EPOCH_SECONDS = 1_704_067_200;
const YEAR_SECONDS = 31_536_000;

/** Time and entropy of one execution, from its seed alone. */
export class VirtualHost implements Host {
  sealed = false;
  memory: () => Uint8Array = () => new Uint8Array(0);
  private readonly interrupt: Int32Array;
  private seed = '';
  private start = EPOCH_SECONDS;
  private elapsed = 0;
  private block = 0;
  private pool: Uint8Array = new Uint8Array(0);

  constructor(interrupt: Int32Array) {
    this.interrupt = interrupt;
  }

  reset(seed: string): void {
    this.seed = seed;
    this.block = 0;
    this.pool = new Uint8Array(0);
    const start = new DataView(this.nextBlock().buffer).getUint32(0);
    this.start = EPOCH_SECONDS + (start % YEAR_SECONDS);
    this.elapsed = 0;
  }

  nowSeconds(): number {
    return this.start + this.elapsedSeconds();
  }

  elapsedSeconds(): number {
    this.elapsed += TICK_SECONDS;
    return this.elapsed;
  }

  sleep(seconds: number): void {
    this.elapsed += seconds;
  }

  /** SHA-256 in counter mode over the seed. */
  fillRandom(target: Uint8Array): void {
    for (let done = 0; done < target.length; ) {
      if (this.pool.length === 0) this.pool = this.nextBlock();
      const take = Math.min(this.pool.length, target.length - done);
      target.set(this.pool.subarray(0, take), done);
      this.pool = this.pool.subarray(take);
      done += take;
    }
  }

  checkInterrupt(): void {
    if (Atomics.load(this.interrupt, 0) !== 0) {
      throw new Stop('timeout', 'TimeLimitExceeded', 'the program was still running at its time limit');
    }
  }

  private nextBlock(): Uint8Array {
    this.block += 1;
    return Uint8Array.from(hash('sha256', `${this.seed}\n${this.block}`, 'buffer'));
  }
}

/** Runs `work` with the JavaScript clock replaced: the file system stamps its nodes with it. */
export function withClock<Value>(host: VirtualHost, work: () => Value): Value {
  const real = Date.now;
  Date.now = () => Math.floor(host.nowSeconds() * 1000);
  try {
    return work();
  } finally {
    Date.now = real;
  }
}
