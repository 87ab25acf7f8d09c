import { describe } from 'vitest';
import { withoutEngine } from '../../../support/container-engine.ts';
import { describeComparing } from '../../javascript/comparing-contract.ts';
import { describeForgedResults } from '../../javascript/forged-results-contract.ts';
import { describeSandbox } from '../../sandbox-contract.ts';
import { createRemoteSandbox } from './remote-sandbox.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);

describe.skipIf(reason !== null)('a candidate in a container, its tests here', () => {
  describeSandbox('a warm container', 'javascript', createRemoteSandbox);
  describeComparing('a warm container', createRemoteSandbox);
  describeForgedResults('a warm container', createRemoteSandbox);
});
