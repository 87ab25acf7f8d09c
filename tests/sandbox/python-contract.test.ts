import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { describeSandbox } from './sandbox-contract.ts';

describeSandbox('the wasm sandbox', 'python', () => createWasmSandbox({ workers: 2, languages: ['python'] }));
