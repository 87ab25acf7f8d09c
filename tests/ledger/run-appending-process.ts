import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** A process of `appending-process.ts`, which appends until it is killed; any number may write one ledger. */
export class AppendingProcess {
  lines = 0;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  readonly #path: string;
  readonly #number: number;
  readonly #onLine: (line: string) => void;
  #errors = '';
  #isReady = false;
  #printed = Promise.withResolvers<void>();

  constructor(path: string, number: number, onLine: (line: string) => void) {
    this.#path = path;
    this.#number = number;
    this.#onLine = onLine;
  }

  async start(childSeed: string): Promise<void> {
    const script = fileURLToPath(new URL('./appending-process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, this.#path, childSeed, String(this.#number)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#errors = '';
    this.#isReady = false;
    let rest = '';
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      const whole = (rest + chunk.toString()).split('\n');
      // A last line that is cut off was not acknowledged to anybody.
      rest = whole.pop() as string;
      for (const line of whole) {
        if (line === 'ready') this.#isReady = true;
        else {
          this.lines += 1;
          this.#onLine(line);
        }
      }
      this.#wake();
    });
    this.#exited = Promise.all([once(child, 'exit'), once(child.stdout, 'close')]).then(() => this.#wake());
    await this.linesMore(0);
  }

  /** Waits until it is ready and has printed so many more lines. */
  async linesMore(count: number): Promise<void> {
    const wanted = this.lines + count;
    while (!this.#isReady || this.lines < wanted) {
      expect(this.#child?.exitCode, this.#errors).toBeNull();
      await this.#printed.promise;
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  #wake(): void {
    this.#printed.resolve();
    this.#printed = Promise.withResolvers<void>();
  }
}
