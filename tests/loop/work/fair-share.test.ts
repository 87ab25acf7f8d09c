import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { FairShare } from '../../../src/loop/work/fair-share.ts';

const [a, b, c] = ['run-a', 'run-b', 'run-c'] as StreamName[] as [StreamName, StreamName, StreamName];

/** Takes one episode after the other of whatever comes first. */
function taken(share: FairShare, runs: readonly StreamName[], times: number): string {
  let order = '';
  for (let time = 0; time < times; time += 1) {
    const run = share.order(runs)[0] as StreamName;
    share.took(run);
    order += run.slice(-1);
  }
  return order;
}

describe('the share of a worker in several runs', () => {
  it('goes round among runs that are there from the beginning, in the order of the queue', () => {
    expect(taken(new FairShare(), [a, b, c], 7)).toBe('abcabca');
  });

  it('lets a newcomer start level: neither behind those before it nor far ahead of them', () => {
    const share = new FairShare();
    expect(taken(share, [a], 100)).toBe('a'.repeat(100));
    expect(taken(share, [a, b], 6)).toBe('ababab');
  });

  it('does not let a run catch up later that had nothing to be taken', () => {
    const share = new FairShare();
    share.order([a, b]);
    for (let time = 0; time < 50; time += 1) {
      share.took(b);
      share.missed(a);
    }
    expect(taken(share, [a, b], 6)).toBe('ababab');
  });

  it('forgets runs that have left the queue', () => {
    const share = new FairShare();
    taken(share, [a, b], 50);
    expect(taken(share, [c], 10)).toBe('cccccccccc');
    expect(taken(share, [a, c], 4)).toBe('acac');
  });
});
