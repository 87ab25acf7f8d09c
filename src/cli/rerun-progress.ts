import { createLogUpdate } from 'log-update';
import type { Clock } from '../kernel/clock.ts';
import { fitWidth } from './fit-width.ts';
import type { Output } from './output.ts';

const redrawMs = 100;
const plainMs = 5000;
const columnsDefault = 80;

/** How far a rerun is, how fast, and how long it will still take: redrawn on a terminal, a line now and then elsewhere. */
export class RerunProgress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #terminal: NodeJS.WriteStream;
  readonly #redraw: ReturnType<typeof createLogUpdate>;
  readonly #episodes: number;
  readonly #performed: () => number;
  readonly #startMs: number;
  #saidMs: number;
  #done = 0;

  /** @param performed how many executions there were so far */
  constructor(
    episodes: number,
    performed: () => number,
    output: Output,
    clock: Clock,
    terminal: NodeJS.WriteStream,
  ) {
    this.#episodes = episodes;
    this.#performed = performed;
    this.#output = output;
    this.#clock = clock;
    this.#terminal = terminal;
    this.#redraw = createLogUpdate(terminal);
    this.#startMs = clock.monotonic();
    this.#saidMs = this.#startMs;
  }

  /** An episode is done. */
  advance(): void {
    this.#done += 1;
    const now = this.#clock.monotonic();
    if (now - this.#saidMs < (this.#output.interactive ? redrawMs : plainMs)) return;
    this.#saidMs = now;
    if (!this.#output.interactive) this.#output.note(this.line());
    else this.#redraw(fitWidth(this.line(), (this.#terminal.columns || columnsDefault) - 1));
  }

  /** Takes the line back: what comes next is written where it stood. */
  end(): void {
    if (this.#output.interactive) this.#redraw.clear();
  }

  line(): string {
    const elapsedMs = Math.max(1, this.#clock.monotonic() - this.#startMs);
    const performed = this.#performed();
    const rate = (1000 * performed) / elapsedMs;
    const leftMs = (elapsedMs / Math.max(1, this.#done)) * (this.#episodes - this.#done);
    const left = this.#done === 0 ? '' : `, ${duration(leftMs)} left`;
    return `${this.#done}/${this.#episodes} episodes, ${performed} executions (${rate.toFixed(0)}/s)${left}`;
  }
}

function duration(ms: number): string {
  const whole = Math.round(ms / 1000);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
