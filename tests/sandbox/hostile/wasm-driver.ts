import { readdirSync } from 'node:fs';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import type { HostileDriver } from './describe-hostile.ts';

export const wasmDriver: HostileDriver = {
  driver: 'wasm',
  create: async (language) => createWasmSandbox({ workers: 1, languages: [language] }),
  left: async () =>
    readdirSync('/proc/self/task').length < 200 ? [] : ['threads of interpreters that should have ended'],
  limitations: { javascript: 7, python: 8 },
};
