import { describe } from 'vitest';
import { withoutEngine } from '../../../support/container-engine.ts';
import { describeComparing } from '../../javascript/comparing-contract.ts';
import { describeForgedResults } from '../../javascript/forged-results-contract.ts';
import { createRemoteSandbox } from './remote-sandbox.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);

describe.skipIf(reason !== null)('a candidate in a container, its tests here', () => {
  describeComparing('a warm container', createRemoteSandbox);
  describeForgedResults('a warm container', createRemoteSandbox);
});
