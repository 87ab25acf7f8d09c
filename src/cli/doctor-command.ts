import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { CalledLanguage } from '../events/task-view.ts';
import type { TestSpec } from '../events/test-spec.ts';
import { isPawlError, messageOf } from '../kernel/pawl-error.ts';
import { hidePassword } from '../ledger/stores/hide-password.ts';
import { isOnServer } from './address-kind.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ContainerFinding, containerFindings } from './container-findings.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { sandboxChoice } from './sandbox-choice.ts';
import { type SandboxOptions, withContainerOptions } from './sandbox-options.ts';
import { cacheDirectory } from './user-directories.ts';

/** `ok` is null for what is there to be known, and nothing that fails. */
type Finding = ContainerFinding;
type DoctorOptions = CommonOptions & Partial<SandboxOptions>;

const marks: ReadonlyMap<boolean | null, string> = new Map([
  [true, '✓'],
  [false, '✗'],
  [null, '○'],
]);
const nodeMajorMin = 24;
const freeBytesMin = 512 * 1024 * 1024;

export function doctorCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('doctor')
    .summary('check that this machine can run everything')
    .description(
      'Checks Node, disk space, the ledger, each interpreter and what there is for containers, and says what to do about what is wrong. Containers are optional, unless --sandbox docker or PAWL_SANDBOX says that they are wanted.',
    )
    .action(async (options: DoctorOptions) => {
      const output = processOutput(options.json === true);
      const address = ledgerAddress(options.ledger);
      let allOk = true;
      for await (const finding of findings(address, options, output)) {
        output.record({ type: 'check', ...finding });
        output.text(`${marks.get(finding.ok)} ${finding.check.padEnd(12)} ${finding.detail}`);
        allOk &&= finding.ok !== false;
      }
      finish(allOk ? exitCodes.ok : exitCodes.error);
    });
  return withExamples(withContainerOptions(withCommonOptions(command)), {
    'pawl doctor': 'before the first run, or when something fails',
    'pawl doctor --sandbox docker': 'will containers do here?',
  });
}

/** One after the other, as they come: the interpreters take seconds to start. */
async function* findings(address: string, options: DoctorOptions, output: Output): AsyncGenerator<Finding> {
  yield nodeVersion();
  yield freeSpace(address);
  yield await ledgerOpens(address);
  const { told, usual } = await sandboxChoice(options);
  const isInContainers = (told ?? usual) === 'docker';
  yield* interpreters(createWasmSandbox({ workers: 1 }));
  const found = await containerFindings(options, isInContainers);
  yield* found;
  if (!isInContainers || found.some(({ ok }) => ok === false)) return;
  const sandboxes = await openSandboxes(options, output);
  yield* interpreters(await sandboxes.asked());
}

function nodeVersion(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= nodeMajorMin;
  const advice = ok ? '' : `; version ${nodeMajorMin} is needed: run through npm (npm start, npx pawl)`;
  return { check: 'node', ok, detail: `${process.version}${advice}` };
}

function freeSpace(address: string): Finding {
  const onServer = isOnServer(address);
  const directory = onServer
    ? firstThere(cacheDirectory())
    : dirname(resolve(address.replace(/^sqlite:/, '')));
  try {
    accessSync(directory, constants.W_OK);
    const { bavail, bsize } = statfsSync(directory);
    const ok = bavail * bsize >= freeBytesMin;
    const detail = `${Math.round((bavail * bsize) / 2 ** 20)} MiB free where ${onServer ? 'what is known of the ledger' : 'the ledger'} is${ok ? '' : '; make room'}`;
    return { check: 'disk', ok, detail };
  } catch (error) {
    return {
      check: 'disk',
      ok: false,
      detail: `${onServer ? 'the cache' : "the ledger's"} directory cannot be written: ${messageOf(error)}`,
    };
  }
}

/** The directory itself, or the nearest above it that exists. */
function firstThere(directory: string): string {
  return existsSync(directory) || dirname(directory) === directory
    ? directory
    : firstThere(dirname(directory));
}

async function ledgerOpens(address: string): Promise<Finding> {
  try {
    const { ledger } = await openForCli(address, 'read');
    const { size } = await ledger.head();
    await ledger.close();
    return { check: 'ledger', ok: true, detail: `${ledger.address} holds ${size} events` };
  } catch (error) {
    const missing = isPawlError(error, 'LEDGER_NOT_FOUND');
    const detail = missing
      ? `${hidePassword(address)} does not exist yet; the first run makes it`
      : messageOf(error);
    return { check: 'ledger', ok: missing, detail };
  }
}

const probes: Readonly<Record<CalledLanguage, { readonly program: string; readonly tests: TestSpec }>> = {
  javascript: { program: 'const add = (a, b) => a + b;', tests: onlyCase('add(20, 22)') },
  python: { program: 'def add(a, b):\n    return a + b\n', tests: onlyCase('add(20, 22)') },
};

const probed = ['javascript', 'python'] as const;

function onlyCase(call: string): TestSpec {
  return { kind: 'cases', cases: [{ id: 'probe', call, expected: '42' }] };
}

async function* interpreters(sandbox: Sandbox): AsyncGenerator<Finding> {
  try {
    for (const language of probed) yield await interpreter(language, sandbox);
  } finally {
    await sandbox.close();
  }
}

async function interpreter(language: CalledLanguage, sandbox: Sandbox): Promise<Finding> {
  const limits = { wallMs: 10_000, steps: 10_000, memoryBytes: 64 * 2 ** 20, outputBytes: 1024 };
  try {
    const print = await sandbox.fingerprint(language);
    const request = { language, prelude: '', ...probes[language], limits, seed: 'doctor', coverage: false };
    const { result, wallMs } = await sandbox.execute(request);
    const detail = `${print.package} ${print.version}, ${print.moduleDigest.slice(0, 12)}, ${wallMs.toFixed(1)} ms`;
    const ok = result.outcome === 'passed';
    return { check: language, ok, detail: ok ? detail : `${detail}: the probe ended with ${result.outcome}` };
  } catch (error) {
    // Which images there are was said before.
    const ok = isPawlError(error, 'IMAGE_MISSING') ? null : false;
    return { check: language, ok, detail: messageOf(error) };
  }
}
