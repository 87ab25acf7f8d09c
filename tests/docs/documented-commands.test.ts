import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeOf } from '../e2e/pawl.ts';
import { documentedCommands, normalizedOutput, outputPattern } from '../support/console-blocks.ts';
import { testImage, withoutEngine } from '../support/container-engine.ts';
import { testLedger } from '../wire/test-ledger.ts';

const root = resolve(import.meta.dirname, '../..');
const rooms = ['docs/tutorial', 'docs/how-to'];
const commandMsMax = 240_000;
/** Published files that are not ours to ship; a page that reads `data/…` is skipped where they are absent. */
const publishedData = resolve(root, '../shared/data');

/** Where pages have a language model. A test has one too, at another port. */
const documentedModel = 'http://127.0.0.1:8642/v1';

/** Pages are read as somebody following them would: all commands of a page in one empty directory, in order. */
const pages = rooms.flatMap((room) =>
  readdirSync(join(root, room))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(room, name)),
);

/** Written into a page that is executed with the ledger on a server, instead of in a file or besides. */
const [clusterOnly, clusterToo] = [
  '<!-- executed on a cluster -->',
  '<!-- executed on a file and on a cluster -->',
];
/** Written into a page whose commands need a container engine, with the image that it names for every language. */
const engineOnly = '<!-- executed on a container engine -->';
const documentedImage = /\bpawl-(?:command|javascript|python):latest\b/g;
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

describe('every command in the tutorial and the how-to pages prints what the page says', () => {
  test.for(pages.filter((page) => !textOf(page).includes(clusterOnly)))(
    '%s',
    { timeout: commandMsMax },
    async (page, { skip }) => {
      skip(
        needsData(textOf(page)) && !existsSync(publishedData),
        'the published data is not beside the repository',
      );
      const noEngine = textOf(page).includes(engineOnly) ? withoutEngine() : null;
      skip(noEngine !== null, `${noEngine}`);
      await execute(page, {});
    },
  );
});

describe('with a ledger on a server too', () => {
  test.for(pages.filter((page) => textOf(page).includes(clusterOnly) || textOf(page).includes(clusterToo)))(
    '%s',
    { timeout: commandMsMax },
    async (page) => {
      await execute(page, { PAWL_LEDGER: (await testLedger()).address });
    },
  );
});

function needsData(markdown: string): boolean {
  return /[ :]data\//.test(markdown);
}

async function execute(page: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const markdown = textOf(page);
  const directory = mkdtempSync(join(tmpdir(), 'pawl-docs-'));
  const model = markdown.includes(documentedModel) ? await modelProcess() : null;
  const here = model?.baseURL ?? documentedModel;
  try {
    if (needsData(markdown)) symlinkSync(publishedData, join(directory, 'data'));
    const commands = documentedCommands(markdown);
    expect(commands.length, 'a page without commands teaches nothing').toBeGreaterThan(0);
    for (const { command, line, expected } of commands) {
      const { stdout, stderr } = run(command.replaceAll(documentedModel, here), directory, environment);
      const place = `${page}:${line}: ${command}\n${stderr}`;
      expect(normalizedOutput(stdout.replaceAll(here, documentedModel)), place).toMatch(
        outputPattern(expected),
      );
    }
  } finally {
    model?.child.kill();
    rmSync(directory, { recursive: true, force: true });
    rmSync(dirname(homeOf(directory).XDG_CONFIG_HOME), { recursive: true, force: true });
  }
}

/** A process of its own: while a command runs, this one waits for it. */
async function modelProcess() {
  const file = join(root, 'tests/support/prompt-reading-model.ts');
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, baseURL: String(line).trim() };
}

/** `npx pawl` is our own command; where a page wants npm itself, it says so in another kind of block. */
function run(
  command: string,
  directory: string,
  extra: Readonly<Record<string, string>>,
): { stdout: string; stderr: string } {
  const ours = command
    .replaceAll(/\bnpx pawl\b/g, `node ${join(root, 'src/cli/main.ts')}`)
    .replaceAll(documentedImage, testImage);
  const { PAWL_LEDGER: _ledger, ...rest } = process.env;
  const environment = {
    ...rest,
    // Keys and what is remembered of ledgers stay out of the reader's own.
    ...homeOf(directory),
    ...extra,
    CI: 'true',
    PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
  };
  const options = { cwd: directory, encoding: 'utf8', timeout: commandMsMax, env: environment } as const;
  const { stdout, stderr, error } = spawnSync('bash', ['-c', ours], options);
  if (error !== undefined) throw error;
  return { stdout, stderr };
}
