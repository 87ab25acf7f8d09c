import { describe, expect, it } from 'vitest';
import { hasScheme, isOnServer } from '../../src/cli/address-kind.ts';
import { placeOf } from '../../src/cli/ledger-memory.ts';

describe('where a ledger is', () => {
  it('is the real path of a file', async () => {
    expect(await placeOf('sqlite:none.db')).toBe(await placeOf('none.db'));
    expect(await placeOf('sqlite:./package.json')).toBe(await placeOf('package.json'));
  });

  it('is hosts and prefix on a server, whoever asks and however it is reached', async () => {
    const place = 'esdb://a.example:2113,b.example:1/team';
    for (const address of [
      'esdb://a.example,b.example:1?prefix=team',
      'esdb://B.example:1,A.example:2113?tls=false&prefix=team',
      'esdb://ada:secret@a.example,b.example:1?prefix=team',
      'esdb://ada:***@a.example,b.example:1?prefix=team',
      'kurrentdb://a.example,b.example:1?prefix=team',
    ]) {
      expect(await placeOf(address), address).toBe(place);
    }
    expect(await placeOf('esdb://a.example')).toBe('esdb://a.example:2113/pawl');
  });

  it('is told apart from a path', () => {
    const schemes = ['sqlite:a.db', 'memory:', 'esdb+discover://a', 'a.db', 'C:\\a.db'].map(hasScheme);
    expect(schemes).toEqual([true, true, true, false, false]);
    const servers = ['sqlite:a.db', 'memory:', 'kurrentdb://a', 'a.db'].map(isOnServer);
    expect(servers).toEqual([false, false, true, false]);
  });
});
