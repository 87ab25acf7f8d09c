import type { BootEngine } from '../../sandbox/wasm/engine.ts';

/** An engine that cannot start. */
export const boot: BootEngine = async () => {
  throw new Error('no interpreter here');
};
