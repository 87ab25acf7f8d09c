import { expect, it } from 'vitest';
import type { Fingerprint } from '../../../src/events/run.ts';
import { environmentSection } from '../../../src/exchange/report/environment-section.ts';
import type { ReportModel } from '../../../src/exchange/report/report-model.ts';
import { containerFingerprint } from '../../support/container-fingerprint.ts';
import { scriptedFingerprint } from '../../support/scripted-sandbox.ts';

function page(interpreter: Fingerprint): string {
  const parts = {
    ...{ started: { data: { sandbox: [interpreter] } }, environments: [] },
    bundle: { header: { pawl: '0.0.0' } },
  };
  return environmentSection(parts as unknown as ReportModel).markup;
}

it('a report says how the containers were made that a run was executed in', () => {
  const container = { ...containerFingerprint('batch'), engine: 'Docker <27>', examiner: null };
  const cells = page({ ...scriptedFingerprint, driver: 'docker', container })
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(cells).toContain(
    'javascript batch python:3.14-slim Docker &lt;27&gt; runc default the command itself',
  );
});

it('and has no table of containers where there were none', () => {
  expect(page(scriptedFingerprint)).not.toContain('Containers');
});
