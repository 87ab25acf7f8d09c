import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSigningKey } from '../../src/cli/signing-key-file.ts';
import { gatherTrust } from '../../src/cli/verify-trust.ts';
import { toyKey } from '../ledger/audit/toy-log.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';

const trusted = async (verifierKey: string) =>
  (await gatherTrust({ verifierKey: [verifierKey] }, [], [])).verifierKeys;

describe('a key that somebody names', () => {
  it('is read from the argument or from a file', async () => {
    const path = join(temporaryDirectory(), 'key.pub');
    writeFileSync(path, `${toyKey.verifierKey}\n`);
    expect(await trusted(toyKey.verifierKey)).toEqual([toyKey.verifierKey]);
    expect(await trusted(path)).toEqual([toyKey.verifierKey]);
  });

  it('is no trouble of the disk where it is neither a key nor a file', async () => {
    await expect(trusted('junk')).rejects.toMatchObject({
      code: 'SIGNING_KEY_INVALID',
      message: '"junk" is no verifier key (NAME+HASH+BASE64), and no file of that name is there.',
    });
    const path = join(temporaryDirectory(), 'key.pub');
    writeFileSync(path, 'junk');
    await expect(trusted(path)).rejects.toMatchObject({
      ...{ code: 'SIGNING_KEY_INVALID', context: { path } },
      message: expect.stringContaining(`${path} cannot be used: `),
    });
  });

  it('is named by its path, never by its content, where it cannot be used to sign', async () => {
    const path = join(temporaryDirectory(), 'wrong.key');
    writeFileSync(path, 'PRIVATE+KEY+nonsense', { mode: 0o600 });
    const failure = await readSigningKey(path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SIGNING_KEY_INVALID', context: { path } });
    expect(String(failure)).toContain(`${path} cannot be used: `);
    expect(String(failure)).not.toContain('nonsense');
  });
});
