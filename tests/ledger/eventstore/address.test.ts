import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../src/ledger/open-store.ts';
import { parseEventstoreAddress } from '../../../src/ledger/stores/eventstore/address.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

function refused(address: string): string {
  try {
    parseEventstoreAddress(address);
  } catch (error) {
    expect(error).toMatchObject({ code: 'LEDGER_URL' });
    return (error as Error).message;
  }
  throw new Error(`"${address}" was taken.`);
}

describe('an address of a cluster', () => {
  test('needs no more than a host', () => {
    expect(parseEventstoreAddress('esdb://db.example')).toEqual({
      settings: {
        shown: 'esdb://db.example',
        hosts: [{ host: 'db.example', port: 2113 }],
        discovery: 'single',
        credentials: null,
        tls: true,
        authority: null,
        identity: null,
        nodePreference: 'leader',
        discoverAttemptsMax: 3,
        discoveryIntervalMs: 100,
        gossipTimeoutMs: 2000,
        keepAliveIntervalMs: 10_000,
        keepAliveTimeoutMs: 10_000,
        connectionName: null,
      },
      prefix: 'pawl',
      appendBytesMax: 1_048_576,
      callTimeoutMs: 10_000,
    });
  });

  test('says everything else in its parameters, whose names are taken in any writing', () => {
    const read = parseEventstoreAddress(
      'kurrentdb://ops:p%40ss:word@a.example:1111,b.example,[::1]:3?tls=false&prefix=team_1&appendBytesMax=2097152' +
        '&NODE-PREFERENCE=Follower&max_discover_attempts=7&gossipTimeout=9&discoveryInterval=50&keepAliveInterval=-1' +
        '&keepAliveTimeout=5000&defaultDeadline=2500&connectionName=worker%201&tlsVerifyCert=true',
    );
    expect(read).toMatchObject({
      settings: {
        shown:
          'kurrentdb://ops:***@a.example:1111,b.example,[::1]:3?tls=false&prefix=team_1&appendBytesMax=2097152' +
          '&NODE-PREFERENCE=Follower&max_discover_attempts=7&gossipTimeout=9&discoveryInterval=50&keepAliveInterval=-1' +
          '&keepAliveTimeout=5000&defaultDeadline=2500&connectionName=worker%201&tlsVerifyCert=true',
        hosts: [
          { host: 'a.example', port: 1111 },
          { host: 'b.example', port: 2113 },
          { host: '[::1]', port: 3 },
        ],
        discovery: 'seeds',
        credentials: { username: 'ops', password: 'p@ss:word' },
        tls: false,
        nodePreference: 'follower',
        discoverAttemptsMax: 7,
        discoveryIntervalMs: 50,
        gossipTimeoutMs: 9000,
        keepAliveIntervalMs: -1,
        keepAliveTimeoutMs: 5000,
        connectionName: 'worker 1',
      },
      prefix: 'team_1',
      appendBytesMax: 2_097_152,
      callTimeoutMs: 2500,
    });
    for (const scheme of ['esdb+discover', 'kurrentdb+discover']) {
      expect(parseEventstoreAddress(`${scheme}://db.example`).settings.discovery).toBe('dns');
    }
  });

  test('names files, which are read at once', () => {
    const directory = temporaryDirectory();
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(directory, name), `PEM of ${name}`);
    const file = (name: string): string => encodeURIComponent(join(directory, name));
    const { settings } = parseEventstoreAddress(
      `esdb://db?tlsCAFile=${file('ca')}&userCertFile=${file('cert')}&userKeyFile=${file('key')}`,
    );
    const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
    expect(
      [settings.authority, settings.identity?.certificate, settings.identity?.key].map((bytes) =>
        text(bytes ?? undefined),
      ),
    ).toEqual(['PEM of ca', 'PEM of cert', 'PEM of key']);
  });

  test('says which part of it is wrong', () => {
    const form = 'The form is esdb://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][?prefix=NAME&tls=false].';
    const wrong: Readonly<Record<string, string>> = {
      'esdb:db.example': 'what follows the scheme cannot be read.',
      'esdb://': 'a host is missing.',
      'esdb://a,': 'a host is missing.',
      'esdb://a:x': '"a:x" is not HOST or HOST:PORT.',
      'esdb://a b': '"a b" is not HOST or HOST:PORT.',
      'esdb://a:70000': '70000 is not a port.',
      'esdb://a:0': '0 is not a port.',
      'esdb+discover://a,b':
        'esdb+discover takes one host, whose name stands for all nodes; leave out "+discover" to name several.',
      'esdb://user@a': 'credentials are USER:PASSWORD, each percent-encoded.',
      'esdb://a?tls=no': 'tls is true or false.',
      'esdb://a?tls': '"tls" is not NAME=VALUE.',
      'esdb://a?tls=true&TLS=true': 'tls is given twice.',
      'esdb://a?prefix=My-Team':
        'prefix is a lower-case letter and up to 39 letters, digits or _ (a dash would end it for the server).',
      'esdb://a?appendBytesMax=1': 'appendBytesMax is a whole number from 65536 to 268435456.',
      'esdb://a?nodePreference=fast': 'nodePreference is leader, follower, readOnlyReplica or random.',
      'esdb://a?tlsVerifyCert=false':
        'tlsVerifyCert cannot be turned off; name the authority of the certificate with tlsCAFile.',
      'esdb://a?throwOnAppendFailure=false':
        'throwOnAppendFailure cannot be turned off; the library then reports wrong revisions.',
      'esdb://a?userCertFile=x': 'userCertFile and userKeyFile come together.',
      'esdb://a?tls=false&tlsCAFile=x': 'tlsCAFile means nothing with tls=false.',
      'esdb://a?connectionName=%': 'connectionName is not percent-encoded well; write % as %25.',
      'esdb://a?tlsCAFile=/nowhere/ca.pem':
        "the file of tlsCAFile cannot be read (ENOENT: no such file or directory, open '/nowhere/ca.pem').",
    };
    for (const [address, what] of Object.entries(wrong)) {
      expect(refused(address)).toBe(`"${address}" is not a ledger address: ${what} ${form}`);
    }
    expect(refused('esdb://a?colour=red')).toContain(
      'there is no parameter "colour"; there are prefix, appendBytesMax, tls,',
    );
  });

  test('never shows a password, however it is written', async () => {
    for (const address of [
      'esdb://ops:secret@a:x',
      'esdb://ops:sec@secret@a:x',
      'esdb://ops:sec/ret?secret@a:x',
      'esdb://ops:%secret@a',
      'esdb://:secret@a',
    ]) {
      expect(refused(address)).not.toContain('secret');
    }
    for (const address of ['http://ops:secret@a', 'ESDB://ops:secret@a', 'esdb2://ops:secret@a']) {
      const error = await openStore(address, { mode: 'read', create: false }).catch(
        (cause: unknown) => cause,
      );
      expect(error).toMatchObject({ code: 'LEDGER_URL' });
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });
});
