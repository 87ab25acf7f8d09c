import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const startMsMax = 20_000;

/** The browser of this machine, or null. */
export function chromiumPath(): string | null {
  return names.find((name) => spawnSync(name, ['--version'], { timeout: startMsMax }).status === 0) ?? null;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A browser without windows, spoken to over its own protocol; one page at a time. */
export class Chromium {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  readonly events: { readonly method: string; readonly params: Readonly<Record<string, unknown>> }[] = [];
  readonly #listeners = new Set<() => void>();
  #next = 1;

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
  }

  static async start(path: string): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), 'pawl-chromium-'));
    const child = spawn(
      path,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--hide-scrollbars'],
        ...['--disable-background-networking', '--disable-dev-shm-usage', '--remote-debugging-port=0'],
        ...[`--user-data-dir=${profile}`, 'about:blank'],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const address = await debuggingAddress(child);
    const [page] = (await (await fetch(`http://${address}/json/list`)).json()) as {
      webSocketDebuggerUrl: string;
    }[];
    const socket = new WebSocket(page?.webSocketDebuggerUrl ?? '');
    await once(socket, 'open');
    return new Chromium(child, profile, socket);
  }

  send<Result>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Result> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Resolves with the first such event since the beginning, or as soon as it comes. */
  said(method: string): Promise<Readonly<Record<string, unknown>>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const event = this.events.find((each) => each.method === method);
        if (event === undefined) return;
        this.#listeners.delete(look);
        resolve(event.params);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** What an expression gives in the page. Scripts of the page itself may be forbidden; this is the browser's. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await this.send<{ result: { value: Value } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  }

  async close(): Promise<void> {
    this.#socket.close();
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #take({ id, method, params = {}, result, error }: Message): void {
    if (id === undefined) {
      this.events.push({ method: method ?? '', params });
      for (const look of this.#listeners) look();
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve((result ?? {}) as never);
    else waiting?.reject(new Error(error.message));
  }
}

/** Printed by the browser when it listens. */
async function debuggingAddress(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of child.stderr ?? []) {
    said += String(chunk);
    const address = /DevTools listening on ws:\/\/([^/]+)\//.exec(said)?.[1];
    if (address !== undefined) {
      // What it prints from here on must not fill the pipe.
      child.stderr?.resume();
      return address;
    }
  }
  throw new Error(`Chromium did not start:\n${said}`);
}
