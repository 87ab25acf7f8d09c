import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerSandbox } from '../../../../sandbox/docker/docker-sandbox.ts';
import { dockerSettingsSchema } from '../../../../sandbox/docker/settings.ts';
import type { Sandbox } from '../../../../sandbox/sandbox.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { testImage, withoutEngine } from '../../../support/container-engine.ts';
import { casesOf, requestOf } from '../../execution-request.ts';

const rounds = process.env['PAWL_LONG'] === '1' ? 200 : 20;

const floods: readonly string[] = [
  'const f = () => { for (;;) console.log("x".repeat(9_000)); };',
  'const fs = require("fs"); const f = () => { for (;;) fs.writeSync(2, "x".repeat(9_000)); };',
  'const fs = require("fs"); const f = () => { fs.writeSync(1, "x".repeat(60_000)); process.exit(0); };',
  'const fs = require("fs"); const f = () => { for (;;) { fs.writeSync(1, "x".repeat(9_000)); fs.writeSync(2, "x".repeat(9_000)); } };',
];
/** Takes longer than the time that a flood gets to say why it ended. */
const honest =
  'const f = (x) => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120); return x; };';

describe.skipIf(withoutEngine() !== null)('in one warm container', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = createDockerSandbox({
      workers: 1,
      settings: dockerSettingsSchema.parse({ isolation: 'batch', images: { javascript: testImage } }),
      languages: ['javascript'],
      clock: systemClock,
    });
  });
  afterAll(() => sandbox.close());

  it('an honest program passes after each one that floods its output', async () => {
    const ended: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const flood = requestOf('javascript', floods[round % floods.length] ?? '', casesOf(['f()', '1']));
      ended.push((await sandbox.execute(flood)).result.outcome);
      const { result } = await sandbox.execute(requestOf('javascript', honest, casesOf(['f(7)', '7'])));
      expect([result.outcome, result.error], `round ${round}`).toEqual(['passed', null]);
    }
    // Who ends by itself may do so before anybody has counted.
    expect(ended.filter((outcome) => outcome !== 'output_limit' && outcome !== 'error')).toEqual([]);
  }, 600_000);
});
