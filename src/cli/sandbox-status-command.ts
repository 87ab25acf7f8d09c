import { Command } from 'commander';
import type { JsonObject } from '../kernel/json.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import type { SandboxStanding } from './engine-desk.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { processOutput } from './output.ts';
import { type SandboxOptions, withContainerOptions } from './sandbox-options.ts';
import { table } from './table.ts';

export function sandboxStatusCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('status')
    .summary('the container engine: what it is, what it can limit, which images it has')
    .description(
      'Asks the container engine what it is, which limits it can set on this machine, which images it has for each language, and how many containers of Pawl there are. Exit code 1 where containers cannot be made there as they are wanted.',
    )
    .action(async (options: CommonOptions & Partial<SandboxOptions>) => {
      const output = processOutput(options.json === true);
      const { engineDesk, sandboxStanding } = await import('./engine-desk.ts');
      const standing = await sandboxStanding(await engineDesk(options));
      output.record({ type: 'sandbox', ...standing } as unknown as JsonObject);
      output.text(standingText(standing));
      finish(standing.refusal === null ? exitCodes.ok : exitCodes.error);
    });
  return withExamples(withContainerOptions(withCommonOptions(command)), {
    'pawl sandbox status': 'before the first run in containers',
    'pawl sandbox status --runtime runsc': 'would gVisor do here?',
  });
}

/** What `status` prints. */
export function standingText({ at, facts, refusal, images, containers }: SandboxStanding): string {
  const { limits, runtimes, defaultRuntime } = facts;
  const able = Object.entries(limits).map(([name, can]) => `${name} ${can ? '✓' : '✗'}`);
  const names = runtimes.map((name) => (name === defaultRuntime ? `${name} (default)` : name));
  const users = facts.rootless
    ? 'the engine runs without root'
    : facts.mapsUsers
      ? 'users of containers are mapped to others of the machine'
      : 'users of containers are users of the machine';
  const rows = [
    ['engine', `${facts.name === 'docker' ? 'Docker' : 'Podman'} ${facts.version} at ${at}`],
    ['machine', `${facts.operatingSystem}, Linux ${facts.kernelVersion}, ${facts.cpus} processors`],
    ['runtimes', names.join(', ')],
    ['limits', `${able.join('  ')}  (cgroup v${facts.cgroupVersion})`],
    ['seccomp', facts.seccomp ? 'system calls can be filtered' : 'none'],
    ['users', users],
    ['containers', `${containers} of Pawl are there now`],
    ['verdict', refusal ?? 'containers can be made as they are wanted'],
  ] as const;
  const head = rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join('\n');
  const lines = images.map(({ language, reference, id, repoDigests }) => [
    language,
    reference,
    id === null ? `missing: pawl sandbox build ${language}` : id,
    repoDigests[0] ?? '',
  ]);
  return `${head}\n\n${table(['language', 'image', 'ID', 'pulled as'], lines)}`;
}
