import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { withoutEngine } from '../../../support/container-engine.ts';
import { socketPathOf } from './engine-api.ts';
import { createFaultProxy, type FaultProxy } from './fault-proxy.ts';

/** Why the tests of faults cannot run here, or null: the proxy stands in front of an engine on a Unix socket. */
export function withoutLocalEngine(): string | null {
  const reason = withoutEngine();
  if (reason !== null) return reason;
  const isLocal = process.env['DOCKER_HOST']?.startsWith('unix://') === true;
  return isLocal ? null : 'the engine is not on a Unix socket of this machine';
}

/** The real engine's own socket. */
export const realSocket = socketPathOf(process.env['DOCKER_HOST'] ?? '');

/** A proxy in front of the real engine for the tests of one file, without faults at the beginning of each. */
export function useFaultProxy(): () => FaultProxy {
  let directory: string;
  let proxy: FaultProxy;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'pawl-faults-'));
    proxy = await createFaultProxy(join(directory, 'engine.sock'), () => realSocket);
  });
  beforeEach(() => proxy.setFaults());
  afterAll(async () => {
    await proxy.close();
    rmSync(directory, { recursive: true });
  });
  return () => proxy;
}
