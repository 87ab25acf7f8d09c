import { afterEach, describe, expect, it } from 'vitest';
import { openSandboxes, type Sandboxes } from '../../src/cli/open-sandbox.ts';
import type { SandboxOptions } from '../../src/cli/sandbox-options.ts';
import { testImage, withoutEngine } from '../support/container-engine.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { recordingOutput } from './recording-output.ts';

let opened: Sandboxes | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
});

async function sandboxesFor(options: Partial<SandboxOptions>) {
  const recording = recordingOutput(false);
  opened = await openSandboxes({ jobs: 1, ...options }, recording);
  return { sandboxes: opened, recording };
}

it('a run of WebAssembly goes on in it, in the same sandbox', async () => {
  const { sandboxes } = await sandboxesFor({});
  const [asked, like] = await Promise.all([sandboxes.asked(), sandboxes.like([scriptedFingerprint])]);
  expect(like).toBe(asked);
});

describe.skipIf(withoutEngine() !== null)('with a container engine', () => {
  const inContainers = { sandbox: 'docker', isolation: 'batch', image: { javascript: testImage } } as const;

  it('a run that was begun in containers goes on in them, with the same image', {
    timeout: 60_000,
  }, async () => {
    const first = await sandboxesFor(inContainers);
    const begun = await (await first.sandboxes.asked()).fingerprint('javascript');
    expect(begun).toMatchObject({ driver: 'docker', package: 'node', container: { isolation: 'batch' } });
    expect(await first.sandboxes.like([begun])).toBe(await first.sandboxes.asked());
    await first.sandboxes.close();

    const { sandboxes, recording } = await sandboxesFor({});
    const again = await sandboxes.like([begun]);
    expect(await again.fingerprint('javascript')).toEqual({
      ...begun,
      container: { ...begun.container, image: `sha256:${begun.moduleDigest}` },
    });
    await sandboxes.like([begun]);
    expect(recording.notes).toEqual(['Executing in containers (batch), as it was begun.']);
  });

  it('unless the command says otherwise', { timeout: 60_000 }, async () => {
    const first = await sandboxesFor(inContainers);
    const begun = await (await first.sandboxes.asked()).fingerprint('javascript');
    await first.sandboxes.close();
    const { sandboxes } = await sandboxesFor({ sandbox: 'wasm' });
    expect(await (await sandboxes.like([begun])).fingerprint('javascript')).toMatchObject({ driver: 'wasm' });
  });
});
