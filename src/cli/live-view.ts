import { createLogUpdate } from 'log-update';
import type { Clock } from '../kernel/clock.ts';
import { fitWidth } from './fit-width.ts';
import type { Output } from './output.ts';
import { visibleText } from './visible-text.ts';

const columnsDefault = 80;
const rowsDefault = 24;
const lookMs = 1000;

/**
 * Shows something again and again until the signal is aborted: drawn over in place on a terminal, and elsewhere printed whenever
 * it has changed.
 *
 * @param look gives what is to be seen; called once a second
 */
export async function liveView(
  look: () => Promise<string>,
  terminal: NodeJS.WriteStream,
  output: Output,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const redraw = createLogUpdate(terminal);
  let shown: string | null = null;
  while (!signal.aborted) {
    const text = await look();
    if (output.interactive) redraw(fitting(text, terminal));
    else if (text !== shown) output.text(text);
    shown = text;
    await clock.sleep(lookMs, signal).catch(() => undefined);
  }
  if (output.interactive) redraw.done();
}

/** As much as the terminal holds: lines that have left it could not be drawn over. */
function fitting(text: string, terminal: NodeJS.WriteStream): string {
  const columns = (terminal.columns || columnsDefault) - 1;
  const rows = (terminal.rows || rowsDefault) - 1;
  const lines = text.split('\n').map((line) => fitWidth(visibleText(line), columns));
  return (lines.length > rows ? [...lines.slice(0, rows - 1), '…'] : lines).join('\n');
}
