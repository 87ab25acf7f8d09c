import { createLogUpdate } from 'log-update';
import type { EpisodeEvent } from '../events/episode.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/pawl-error.ts';
import type { WorkerOutcome } from '../loop/work/worker.ts';
import type { WorkerNews } from '../loop/work/worker-services.ts';
import { shortId, shortIdLength } from './find-run.ts';
import { fitWidth } from './fit-width.ts';
import type { Output } from './output.ts';
import { visibleText } from './visible-text.ts';

const redrawMs = 100;
const columnsDefault = 80;

/** Enough of a worker's name to tell those apart that work at one time. */
export function shortWorker(worker: string): string {
  return worker.slice(-shortIdLength);
}

/** An episode as commands name it, such as `7XK2QD.3`. */
export function shortEpisode(run: StreamName, episode: StreamName): string {
  return `${shortId(run)}${episode.slice(episode.lastIndexOf('.'))}`;
}

/** What a worker does, for whoever looks on: one line, redrawn on a terminal, and another for all that is out of the ordinary. */
export class WorkerTelling {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #terminal: NodeJS.WriteStream;
  readonly #redraw: ReturnType<typeof createLogUpdate>;
  readonly #underWay = new Set<StreamName>();
  #finished = 0;
  #candidates = 0;
  #executions = 0;
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(output: Output, clock: Clock, terminal: NodeJS.WriteStream) {
    this.#output = output;
    this.#clock = clock;
    this.#terminal = terminal;
    this.#redraw = createLogUpdate(terminal);
  }

  onEvent(event: EpisodeEvent): void {
    if (event.type === 'CandidateGenerated' && event.data.key !== null) this.#candidates += 1;
    if (event.type === 'ExecutionFinished' && event.data.tests === 'public') this.#executions += 1;
    this.#draw();
  }

  onNews(news: WorkerNews): void {
    if (news.kind === 'left') {
      const { error, ...rest } = news;
      this.#output.record({ type: 'worker-news', ...rest, error: error === null ? null : messageOf(error) });
      this.#underWay.delete(news.episode);
      if (news.how === 'finished') this.#finished += 1;
    } else this.#output.record({ type: 'worker-news', ...news });
    if (news.kind === 'took') this.#underWay.add(news.episode);
    const line = lineFor(news);
    if (line !== null) this.#note(line);
    this.#draw();
  }

  end({ why, left }: WorkerOutcome): void {
    if (this.#output.interactive) this.#redraw.clear();
    this.#output.record({ type: 'worker-ended', why, ...left });
    const others = Object.entries(left).filter(([how, count]) => how !== 'finished' && count > 0);
    const rest = others.map(([how, count]) => `, ${how} ${count}`).join('');
    const reason = why === 'idle' ? 'nothing is left to be done' : 'told to stop';
    this.#output.text(`Finished ${left.finished} episodes${rest}; ${reason}.`);
  }

  #note(text: string): void {
    if (this.#output.interactive) this.#redraw.clear();
    this.#output.note(text);
    this.#drawnMs = Number.NEGATIVE_INFINITY;
  }

  #draw(): void {
    if (!this.#output.interactive) return;
    const now = this.#clock.monotonic();
    if (now - this.#drawnMs < redrawMs) return;
    this.#drawnMs = now;
    const counts = `${this.#finished} finished, ${this.#candidates} candidates, ${this.#executions} executions`;
    const columns = (this.#terminal.columns || columnsDefault) - 1;
    this.#redraw(fitWidth(visibleText(`${this.#underWay.size} episodes under way, ${counts}`), columns));
  }
}

/** Null for what happens all the time. */
function lineFor(news: WorkerNews): string | null {
  switch (news.kind) {
    case 'took':
      if (news.attempt === 1) return null;
      return `${shortEpisode(news.run, news.episode)}: attempt ${news.attempt}`;
    case 'left': {
      const name = shortEpisode(news.run, news.episode);
      if (news.how === 'finished') return null;
      if (news.how === 'fenced') return `${name}: another worker went on with it; nothing is lost`;
      if (news.how === 'released') return `${name}: given back`;
      return `${name}: failed: ${messageOf(news.error)}`;
    }
    case 'settled':
      return `${shortId(news.run)} has finished.`;
    case 'repaired':
      return `${shortId(news.run)}: episodes were missing in the queue, and were offered again.`;
    case 'unsuitable':
      return `${shortId(news.run)} is not for this worker: ${news.why}`;
    case 'away':
      return `Waiting for the ledger: ${news.why}`;
  }
}
