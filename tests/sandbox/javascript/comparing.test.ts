import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import { describeComparing } from './comparing-contract.ts';

describeComparing('the wasm sandbox', () => createWasmSandbox({ workers: 2, languages: ['javascript'] }));
