import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import { describeForgedResults } from './forged-results-contract.ts';

describeForgedResults('the wasm sandbox', () => createWasmSandbox({ workers: 2, languages: ['javascript'] }));
