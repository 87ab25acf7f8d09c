import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

/** Where Debian's `golang-golang-x-mod-dev` puts its sources; another GOPATH may be named instead. */
const goPath = process.env['GOPATH'] ?? '/usr/share/gocode';

/** One question to `main.go`; which fields a kind needs is written there. Bytes go as base 64. */
export interface Question {
  readonly Kind: string;
  readonly Name?: string;
  readonly Text?: string;
  readonly Note?: string;
  readonly SKeys?: readonly string[];
  readonly VKeys?: readonly string[];
  readonly Record?: string;
  readonly Index?: number;
  readonly Size?: number;
  readonly OldSize?: number;
  readonly Root?: string;
  readonly OldRoot?: string;
  readonly Hashes?: readonly string[];
  readonly Directory?: string;
  readonly Indices?: readonly number[];
  readonly Sizes?: readonly number[];
}

export interface Answer {
  readonly ok: boolean;
  readonly error: string;
  readonly text: string;
  readonly note: string;
  readonly skey: string;
  readonly vkey: string;
  readonly signers: readonly string[] | null;
  readonly size: number;
  readonly root: string | null;
  readonly proofs: readonly (readonly string[])[] | null;
  readonly roots: readonly string[] | null;
}

/**
 * Builds a Go program, once for the file that calls this, or says why it cannot be. Where continuous integration has installed
 * Go (`PAWL_REQUIRE_GO=1`), not being able to is a failure.
 */
export function buildGo(source: string): { readonly program: string } | { readonly missing: string } {
  const missing = whatIsMissing();
  if (missing !== null) {
    if (process.env['PAWL_REQUIRE_GO'] === '1') throw new Error(`PAWL_REQUIRE_GO is set, and ${missing}`);
    console.warn(`Nothing is compared with Go here: ${missing}.`);
    return { missing };
  }
  const root = resolve('.pawl/tests');
  mkdirSync(root, { recursive: true });
  const directory = mkdtempSync(join(root, 'go-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const program = join(directory, 'program');
  const main = join(directory, 'main.go');
  writeFileSync(main, source);
  const built = spawnSync('go', ['build', '-o', program, main], {
    // Go's sources come from the distribution alone: no module, no proxy, no network.
    env: {
      ...process.env,
      GOPATH: goPath,
      GO111MODULE: 'off',
      GOFLAGS: '',
      GOPROXY: 'off',
      GOCACHE: join(directory, 'cache'),
    },
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`The Go program does not build:\n${built.stderr}`);
  return { program };
}

/** Puts questions to the program of `main.go`; the answers come in their order. */
export function askGo(program: string, questions: readonly Question[]): readonly Answer[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const { status, stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`The Go program ended with ${status}:\n${stderr}`);
  const answers = stdout.split('\n').filter((line) => line !== '');
  if (answers.length !== questions.length)
    throw new Error(`${answers.length} answers to ${questions.length} questions`);
  return answers.map((line) => JSON.parse(line));
}

function whatIsMissing(): string | null {
  if (spawnSync('go', ['version']).status !== 0) return 'Go is not installed (apt-get install golang-go)';
  if (existsSync(join(goPath, 'src/golang.org/x/mod/sumdb/tlog'))) return null;
  return 'golang.org/x/mod is not installed (apt-get install golang-golang-x-mod-dev)';
}
