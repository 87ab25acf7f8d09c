import type { Fingerprint } from '../../events/run.ts';
import { code, section, table } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';
import { time } from './words.ts';

/** What the programs were executed on: what the run wrote down at its start, and what its sessions found. */
export function environmentSection({ started, environments, bundle }: ReportModel): Html {
  const interpreters = table(
    'Interpreters that the run was started with',
    [
      { title: 'language' },
      { title: 'driver' },
      { title: 'package' },
      { title: 'version' },
      { title: 'SHA-256 of the module' },
    ],
    started.data.sandbox.map(interpreterRow),
  );
  const none = html`<p class="quiet">No session wrote down the machine it ran on; runs do so since the event <code>EnvironmentCaptured</code> exists.</p>\n`;
  const sessions = table(
    'Machines that its sessions ran on',
    [{ title: 'when' }, { title: 'Pawl' }, { title: 'Node' }, { title: 'V8' }, { title: 'platform' }],
    environments.map(({ at, data: { pawl, node, v8, platform, arch } }) => [
      html`${time(at)}`,
      code(pawl),
      code(node),
      code(v8),
      code(`${platform} ${arch}`),
    ]),
  );
  const contained = started.data.sandbox.flatMap(containerRow);
  const containers = table(
    'Containers that they were executed in',
    ['language', 'isolation', 'image', 'engine', 'runtime', 'seccomp profile', 'tests run by'].map(
      (title) => ({
        title,
      }),
    ),
    contained,
  );
  return section('environment', 'Environment', [
    started.data.sandbox.length === 0 ? html`<p>The run executed nothing itself.</p>\n` : interpreters,
    ...(contained.length === 0 ? [] : [containers]),
    environments.length === 0 ? none : sessions,
    html`<p>This file was written by Pawl ${code(bundle.header.pawl)}.</p>\n`,
  ]);
}

function interpreterRow({
  language,
  driver,
  package: name,
  version,
  moduleDigest,
}: Fingerprint): readonly Html[] {
  return [html`${language}`, code(driver), code(name), code(version), code(moduleDigest)];
}

function containerRow({ language, container }: Fingerprint): readonly (readonly Html[])[] {
  if (container === null) return [];
  const { isolation, image, engine, runtime, seccomp, examiner } = container;
  const cells = [isolation, image, engine, runtime, seccomp, examiner ?? 'the command itself'];
  return [[html`${language}`, ...cells.map((cell) => code(cell))]];
}
