import { describe } from 'vitest';
import { withoutEngine } from '../../support/container-engine.ts';
import { describeHostile } from './describe-hostile.ts';
import { dockerDriver } from './docker-driver.ts';

describe.skipIf(withoutEngine() !== null)('in containers', () => {
  describeHostile('javascript', dockerDriver('execution', { javascript: 1, python: 2 }));
});
