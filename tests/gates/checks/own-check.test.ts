import { expect, it } from 'vitest';
import { readOwnReturn } from '../../../gates/checks/own-check.ts';

it("a check of one's own returns a verdict, a sentence and numbers", () => {
  const check = () => ({ verdict: 'pass', sentence: 'Fine.', numbers: { length: 3 } }) as const;
  expect(readOwnReturn(check())).toEqual({ returned: check() });
  expect(readOwnReturn({ ...check(), verdict: 'maybe' })).toMatchObject({
    returned: null,
    why: expect.stringContaining('verdict: '),
  });
  expect(readOwnReturn(7)).toMatchObject({ returned: null, why: expect.stringContaining('the value: ') });
});
