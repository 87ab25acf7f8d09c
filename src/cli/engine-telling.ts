import { createLogUpdate } from 'log-update';
import type { EngineProgress } from '../../sandbox/docker/engine/read-progress.ts';
import { fitWidth } from './fit-width.ts';
import type { Output } from './output.ts';
import { visibleText } from './visible-text.ts';

const columnsDefault = 100;

/** What an engine tells while it builds or pulls: one line, redrawn on a terminal, and its steps elsewhere. */
export class EngineTelling {
  readonly #what: string;
  readonly #output: Output;
  readonly #terminal: NodeJS.WriteStream;
  readonly #redraw: ReturnType<typeof createLogUpdate>;

  constructor(what: string, output: Output, terminal: NodeJS.WriteStream) {
    this.#what = what;
    this.#output = output;
    this.#terminal = terminal;
    this.#redraw = createLogUpdate(terminal);
  }

  tell({ text, layer, doneBytes, wholeBytes }: EngineProgress): void {
    const share = doneBytes === null || !wholeBytes ? '' : ` ${Math.floor((100 * doneBytes) / wholeBytes)} %`;
    const line = `${this.#what}: ${layer === null ? '' : `${layer} `}${text}${share}`;
    if (this.#output.interactive) {
      const columns = (this.#terminal.columns || columnsDefault) - 1;
      this.#redraw(fitWidth(visibleText(line.replaceAll(/\s+/g, ' ')), columns));
      return;
    }
    // Of layers only what happened to them, and of a build only its steps: the rest is for those who watch.
    if (share === '' && (layer !== null || /^Step \d+/.test(text))) this.#output.note(line);
  }

  end(): void {
    if (this.#output.interactive) this.#redraw.clear();
  }
}
