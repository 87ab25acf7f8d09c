import { createLogUpdate } from 'log-update';
import type { EpisodeEvent } from '../events/episode.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Output } from './output.ts';

const redrawMs = 100;
const plainLines = 4;
const barCharacters = 24;

interface Counts {
  readonly label: string;
  readonly episodes: number;
  finished: number;
  publicPass: number;
  hiddenPass: number;
  candidates: number;
  executions: number;
  latest: string;
}

/** What is happening now: redrawn in place on a terminal, a few plain lines per run elsewhere. */
export class Progress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #redraw = createLogUpdate(process.stderr);
  #counts: Counts | null = null;
  #startMs = 0;
  #drawnMs = 0;
  #saidLines = 0;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
  }

  begin(label: string, episodes: number, finished: number): void {
    const zero = { finished, publicPass: 0, hiddenPass: 0, candidates: 0, executions: 0, latest: '' };
    this.#counts = { label, episodes, ...zero };
    this.#startMs = this.#clock.monotonic();
    this.#drawnMs = 0;
    this.#saidLines = 0;
  }

  onEvent(event: EpisodeEvent, stream: StreamName): void {
    const counts = this.#counts;
    if (counts === null) return;
    if (event.type === 'CandidateGenerated') {
      if (event.data.key !== null) counts.candidates += 1;
      counts.latest = `${stream.slice(stream.indexOf('.') + 1)}: ${event.data.note}`;
    } else if (event.type === 'ExecutionFinished') counts.executions += 1;
    else if (event.type === 'EpisodeFinished') {
      counts.finished += 1;
      if (event.data.publicPass) counts.publicPass += 1;
      if (event.data.hiddenPass) counts.hiddenPass += 1;
    }
    this.#show(counts);
  }

  end(): void {
    const counts = this.#counts;
    if (counts === null) return;
    if (this.#output.interactive) {
      this.#redraw(this.#line(counts));
      this.#redraw.done();
    }
    this.#counts = null;
  }

  #show(counts: Counts): void {
    const now = this.#clock.monotonic();
    if (this.#output.interactive) {
      if (now - this.#drawnMs < redrawMs) return;
      this.#drawnMs = now;
      const width = (process.stderr.columns ?? 100) - 1;
      this.#redraw(
        `${this.#line(counts)}\n  ${counts.latest.replaceAll(/\s+/g, ' ')}`
          .split('\n')
          .map((line) => line.slice(0, width))
          .join('\n'),
      );
      return;
    }
    const due = Math.floor((counts.finished * plainLines) / Math.max(1, counts.episodes));
    if (due <= this.#saidLines) return;
    this.#saidLines = due;
    this.#output.note(this.#line(counts));
  }

  #line({ label, episodes, finished, publicPass, hiddenPass, candidates, executions }: Counts): string {
    const seconds = Math.max(0.001, (this.#clock.monotonic() - this.#startMs) / 1000);
    const filled = Math.round((finished / Math.max(1, episodes)) * barCharacters);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCharacters - filled)}`;
    const rate = `${(executions / seconds).toFixed(0)}/s`;
    const solved = `public ${publicPass}, hidden ${hiddenPass}`;
    return `${label.padEnd(20)} ${bar} ${finished}/${episodes} tasks, ${solved}, ${candidates} candidates, ${executions} executions (${rate})`;
  }
}
