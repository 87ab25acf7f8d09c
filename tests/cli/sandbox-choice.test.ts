import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordedSettings } from '../../src/cli/recorded-settings.ts';
import { sandboxChoice } from '../../src/cli/sandbox-choice.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { containerFingerprint } from '../support/container-fingerprint.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';

const directory = mkdtempSync(join(tmpdir(), 'pawl-settings-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('where programs are executed', () => {
  it('is WebAssembly when nobody says anything', async () => {
    expect(await sandboxChoice({}, {})).toEqual({ told: null, usual: 'wasm', settings: {} });
  });

  it('follows the environment where the command and the run say nothing', async () => {
    expect(await sandboxChoice({}, { PAWL_SANDBOX: 'docker' })).toMatchObject({
      told: null,
      usual: 'docker',
    });
    await expect(sandboxChoice({}, { PAWL_SANDBOX: 'podman' })).rejects.toMatchObject({
      ...{ code: 'USAGE', message: 'PAWL_SANDBOX is "podman". It can be wasm or docker.' },
    });
  });

  it('is in containers when one of their options is given', async () => {
    expect(await sandboxChoice({ isolation: 'batch' }, {})).toEqual({
      ...{ told: 'docker', usual: 'wasm', settings: { isolation: 'batch' } },
    });
    await expect(sandboxChoice({ sandbox: 'wasm', runtime: 'runsc' }, {})).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('takes settings from a file, and what the command says over them', async () => {
    const sandboxSettings = file('some.json', {
      ...{ isolation: 'batch', processesMax: 16, images: { python: 'a:1', command: 'b:1' } },
    });
    const choice = await sandboxChoice(
      { sandboxSettings, isolation: 'execution', image: { python: 'c:1' } },
      {},
    );
    expect(choice.settings).toEqual({
      ...{ isolation: 'execution', processesMax: 16, images: { python: 'c:1', command: 'b:1' } },
    });
  });

  it('takes a seccomp profile as JSON or from a file beside the settings', async () => {
    file('profile.json', ' {"defaultAction" : "SCMP_ACT_ERRNO"}\n');
    const within = file('within.json', { seccompProfile: { defaultAction: 'SCMP_ACT_ERRNO' } });
    const beside = file('beside.json', { seccompProfile: 'profile.json' });
    for (const sandboxSettings of [within, beside]) {
      const { settings } = await sandboxChoice({ sandboxSettings }, {});
      expect(settings).toEqual({ seccompProfile: '{"defaultAction":"SCMP_ACT_ERRNO"}' });
    }
  });

  it('takes the engine’s own seccomp profile by name', async () => {
    const sandboxSettings = file('own.json', { seccompProfile: 'engine' });
    expect((await sandboxChoice({ sandboxSettings }, {})).settings).toEqual({ seccompProfile: 'engine' });
  });

  it.each<[string, unknown, string]>([
    ['a setting that there is not', { memory: 1 }, 'there is no setting memory'],
    ['a number that is none', { workBytes: '1 MB' }, 'workBytes: '],
    ['a limit that is too low', { processesMax: 2 }, 'processesMax: '],
    ['another isolation', { isolation: 'none' }, 'isolation: '],
    ['an image for no language', { images: { rust: 'x:1' } }, 'there is no setting images.rust'],
    ['a list', [], 'it must be a JSON object'],
    ['no JSON', '{', 'JSON'],
  ])('refuses %s and names it', async (_, content, named) => {
    const sandboxSettings = file('wrong.json', content);
    await expect(sandboxChoice({ sandboxSettings }, {})).rejects.toMatchObject({
      ...{ code: 'SANDBOX_SETTINGS', message: expect.stringContaining(named) },
    });
  });
});

describe('what a run was begun with', () => {
  const docker = { ...scriptedFingerprint, driver: 'docker', moduleDigest: sha256Hex('image') };
  const container = containerFingerprint('batch');

  it('gives its settings again, with the image by its ID and the usual runtime', () => {
    expect(recordedSettings([{ ...docker, container }])).toEqual({
      ...{ isolation: 'batch', images: { javascript: `sha256:${sha256Hex('image')}` } },
      ...container.limits,
      seccompProfile: 'engine',
    });
  });

  it('leaves the seccomp profile to what is usual where the record names one by its digest', () => {
    const seccomp = sha256Hex('profile');
    expect(recordedSettings([{ ...docker, container: { ...container, seccomp } }])).not.toHaveProperty(
      'seccompProfile',
    );
  });

  it('names a runtime that has a kernel of its own', () => {
    const gvisor = { ...container, runtime: 'runsc' };
    expect(recordedSettings([{ ...docker, container: gvisor }]).runtime).toBe('runsc');
  });

  it('is nothing without containers', () => {
    expect(recordedSettings([scriptedFingerprint])).toEqual({});
  });
});
