import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngineAddress, usualSockets } from '../../../../sandbox/docker/engine/engine-address.ts';

const network = (text: string, hostname: string, port: number, secure: boolean) => ({
  ...{ kind: 'network', text, hostname, port, secure, certificates: null },
});

describe('The address of the engine', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'pawl-engine-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    ['unix:///run/x.sock', { kind: 'socket', text: 'unix:///run/x.sock', path: '/run/x.sock' }],
    ['/run/x.sock', { kind: 'socket', text: 'unix:///run/x.sock', path: '/run/x.sock' }],
    ['tcp://engine', network('tcp://engine', 'engine', 2375, false)],
    ['tcp://engine:2376', network('tcp://engine:2376', 'engine', 2376, true)],
    ['engine:99', network('tcp://engine:99', 'engine', 99, false)],
    ['http://[::1]:4000/', network('http://[::1]:4000', '::1', 4000, false)],
    ['https://engine', network('https://engine', 'engine', 443, true)],
    ['tcp://user:secret@engine:1', network('tcp://engine:1', 'engine', 1, false)],
  ])('%s is understood', (text, address) => {
    expect(findEngineAddress(text, {})).toEqual(address);
  });

  it('is taken from the settings before DOCKER_HOST', () => {
    const environment = { DOCKER_HOST: 'tcp://other:1' };
    expect(findEngineAddress('unix:///a', environment).text).toBe('unix:///a');
    expect(findEngineAddress(null, environment).text).toBe('tcp://other:1');
  });

  it.each(['ftp://engine', 'unix://relative', 'tcp://', 'http://engine/path', 'ssh://engine'])(
    '%s is refused',
    (text) => {
      expect(() => findEngineAddress(text, {})).toThrow(
        expect.objectContaining({ code: 'SANDBOX_SETTINGS', message: expect.stringContaining(text) }),
      );
    },
  );

  it('does not repeat a password in an error', () => {
    expect(() => findEngineAddress('ftp://user:secret@engine', {})).toThrow(
      'The address of the engine, ftp://…@engine, is not usable',
    );
  });

  it('is secured by certificates where they are given', () => {
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(directory, `${name}.pem`), name);
    const environment = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: directory };
    const address = findEngineAddress('tcp://engine', environment);
    expect(address).toMatchObject({ port: 2376, secure: true });
    const { ca, cert, key } = (address.kind === 'network' && address.certificates) || {};
    expect([`${ca}`, `${cert}`, `${key}`]).toEqual(['ca', 'cert', 'key']);
    const missing = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(directory, 'none') };
    expect(() => findEngineAddress('tcp://engine', missing)).toThrow(
      expect.objectContaining({ code: 'SANDBOX_SETTINGS' }),
    );
  });

  it('is looked for where Docker and Podman listen, as root or as a user', () => {
    expect(usualSockets({ XDG_RUNTIME_DIR: '/run/user/7', HOME: '/home/me' })).toEqual([
      '/var/run/docker.sock',
      '/run/user/7/docker.sock',
      '/run/user/7/podman/podman.sock',
      '/run/podman/podman.sock',
      '/home/me/.docker/run/docker.sock',
    ]);
  });
});
