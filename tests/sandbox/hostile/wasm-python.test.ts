import { describeHostile } from './describe-hostile.ts';
import { wasmDriver } from './wasm-driver.ts';

describeHostile('python', wasmDriver);
