import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import { describeSandbox } from '../sandbox-contract.ts';

describeSandbox('the wasm sandbox', 'javascript', () =>
  createWasmSandbox({ workers: 2, languages: ['javascript'] }),
);
