import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handOverProfile } from '../../../../sandbox/docker/seccomp/hand-over-profile.ts';
import { ownProfileText } from '../../../../sandbox/docker/seccomp/profile.ts';

describe('handing a seccomp profile to an engine', () => {
  it('is saying nothing where the engine is to take its own', async () => {
    for (const name of ['docker', 'podman'] as const) {
      expect((await handOverProfile({ seccompProfile: 'engine' }, { name })).option).toBeNull();
    }
  });

  it('is the text itself for Docker', async () => {
    const { option } = await handOverProfile({ seccompProfile: null }, { name: 'docker' });
    expect(option).toBe(`seccomp=${ownProfileText}`);
  });

  it('is a file for Podman, that nobody else reads and that is gone afterwards', async () => {
    const { option, remove } = await handOverProfile({ seccompProfile: null }, { name: 'podman' });
    const path = option?.slice('seccomp='.length) ?? '';
    expect(readFileSync(path, 'utf8')).toBe(ownProfileText);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await remove();
    expect(existsSync(path)).toBe(false);
  });
});
