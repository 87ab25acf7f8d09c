import { createLogUpdate } from 'log-update';
import type { EpisodeEvent } from '../events/episode.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import { fitWidth } from './fit-width.ts';
import type { Output } from './output.ts';
import { visibleText } from './visible-text.ts';

const redrawMs = 100;
const plainLines = 4;
const barCharacters = 24;
const columnsDefault = 80;

/** How far a run came in earlier sessions. */
export interface Standing {
  readonly tasks: number;
  readonly finished: number;
  readonly publicPass: number;
  readonly hiddenPass: number;
}

interface Counts {
  readonly label: string;
  readonly tasks: number;
  finished: number;
  publicPass: number;
  hiddenPass: number;
  /** Of this session. */
  candidates: number;
  executions: number;
  latest: string;
}

/** What is happening now: redrawn in place on a terminal, a few plain lines per run elsewhere. */
export class Progress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #terminal: NodeJS.WriteStream;
  readonly #redraw: ReturnType<typeof createLogUpdate>;
  #counts: Counts | null = null;
  #notice: string | null = null;
  #waiting: string | null = null;
  #startMs = 0;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #saidLines = 0;

  constructor(output: Output, clock: Clock, terminal: NodeJS.WriteStream) {
    this.#output = output;
    this.#clock = clock;
    this.#terminal = terminal;
    this.#redraw = createLogUpdate(terminal);
  }

  begin(label: string, { tasks, finished, publicPass, hiddenPass }: Standing): void {
    const none = { candidates: 0, executions: 0, latest: '' };
    this.#counts = { label, tasks, finished, publicPass, hiddenPass, ...none };
    this.#startMs = this.#clock.monotonic();
    this.#drawnMs = Number.NEGATIVE_INFINITY;
    this.#saidLines = linesDue(this.#counts);
  }

  onEvent(event: EpisodeEvent, stream: StreamName): void {
    const counts = this.#counts;
    if (counts === null) return;
    if (event.type === 'CandidateGenerated') {
      if (event.data.key !== null) counts.candidates += 1;
      counts.latest = `${stream.slice(stream.indexOf('.') + 1)}: ${event.data.note}`;
    } else if (event.type === 'ExecutionFinished') {
      // As budgets and summaries count them: grading is nobody's spending.
      if (event.data.tests === 'public') counts.executions += 1;
    }
    if (event.type === 'EpisodeFinished') {
      counts.finished += 1;
      if (event.data.publicPass) counts.publicPass += 1;
      if (event.data.hiddenPass) counts.hiddenPass += 1;
    }
    this.#show(counts);
  }

  /** From now on shown below the bar instead of the latest candidate: a line written beside it would be drawn over. */
  notice(text: string): void {
    this.#notice = text;
  }

  /** What everything waits for, and null when it goes on; said at once, because nothing else happens meanwhile. */
  wait(why: string | null): void {
    const counts = this.#counts;
    this.#waiting = why;
    if (!this.#output.interactive || counts === null) this.#output.note(why ?? 'Going on.');
    else {
      this.#drawnMs = Number.NEGATIVE_INFINITY;
      this.#show(counts);
    }
  }

  end(): void {
    const counts = this.#counts;
    if (counts === null) return;
    if (this.#output.interactive) {
      this.#draw([this.#line(counts)]);
      this.#redraw.done();
    }
    this.#counts = null;
  }

  #show(counts: Counts): void {
    if (this.#output.interactive) {
      const now = this.#clock.monotonic();
      if (now - this.#drawnMs < redrawMs) return;
      this.#drawnMs = now;
      this.#draw([this.#line(counts), `  ${this.#notice ?? this.#waiting ?? counts.latest}`]);
      return;
    }
    const due = linesDue(counts);
    if (due <= this.#saidLines) return;
    this.#saidLines = due;
    this.#output.note(this.#line(counts));
  }

  /** Each a line of the terminal, so that all of them are found again when they are drawn over. */
  #draw(lines: readonly string[]): void {
    // Some pseudo-terminals say that they have no columns at all. The last one is left free: some wrap when it is filled.
    const columns = (this.#terminal.columns || columnsDefault) - 1;
    const fitting = lines.map((line) => fitWidth(visibleText(line.replaceAll(/\s/g, ' ')), columns));
    this.#redraw(fitting.join('\n'));
  }

  #line({ label, tasks, finished, publicPass, hiddenPass, candidates, executions }: Counts): string {
    const seconds = Math.max(0.001, (this.#clock.monotonic() - this.#startMs) / 1000);
    const filled = Math.round((finished / Math.max(1, tasks)) * barCharacters);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCharacters - filled)}`;
    const rate = `${(executions / seconds).toFixed(0)}/s`;
    const solved = `public ${publicPass}, hidden ${hiddenPass}`;
    return `${label.padEnd(20)} ${bar} ${finished}/${tasks} tasks, ${solved}, ${candidates} candidates, ${executions} executions (${rate})`;
  }
}

/** Plain lines that should have been written by now: one for each quarter of the tasks. */
function linesDue({ tasks, finished }: Counts): number {
  return Math.floor((finished * plainLines) / Math.max(1, tasks));
}
