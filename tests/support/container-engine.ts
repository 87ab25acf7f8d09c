import { execFileSync } from 'node:child_process';

/** The image that tests run in: Debian with `python3` 3.14 and the `node` of this repository. */
export const testImage = 'pawl-test:latest';

/** True when a failure is wanted where there is no engine: CI sets it after it has started one. */
const required = process.env['PAWL_REQUIRE_DOCKER'] === '1';

/**
 * Why tests that need a container engine cannot run here, or null: `DOCKER_HOST` must name an engine that has the test
 * image (`tests/support/make-test-image.sh` makes it).
 *
 * @throws Error instead of giving a reason where `PAWL_REQUIRE_DOCKER=1`
 */
export function withoutEngine(): string | null {
  const reason = findReason();
  if (reason !== null && required) throw new Error(`PAWL_REQUIRE_DOCKER is set, but ${reason}.`);
  return reason;
}

function findReason(): string | null {
  const host = process.env['DOCKER_HOST'];
  if (host === undefined) return 'DOCKER_HOST is not set';
  try {
    execFileSync('curl', [
      '--silent',
      '--fail',
      '--max-time',
      '60',
      ...(host.startsWith('unix://') ? ['--unix-socket', host.slice('unix://'.length)] : []),
      `http://localhost/images/${testImage}/json`,
    ]);
    return null;
  } catch {
    return `the engine at ${host} does not answer, or has no image ${testImage}`;
  }
}
