import { named } from '../../support/gate-definition.ts';
import {
  begun,
  type Cases,
  decided,
  empty,
  gateDecided,
  id,
  opened,
  other,
  proposed,
  stricter,
  tested,
} from './histories.ts';

/** What may not happen to gates, baselines and epochs. */
export const registrationCases = {
  'opened-first': [
    ['a gate before the line', () => {}, (line) => line.register(empty)],
    ['a second opening', begun, (line) => line.open()],
  ],
  'gate-hash': [
    ['another hash', (line) => void line.open(), (line) => line.register(empty, { gate: named('other') })],
    ['no usable definition', (line) => void line.open(), (line) => line.register(empty, { definition: {} })],
  ],
  'gate-change-governed': [
    ['a second gate without a proposal', begun, (line) => line.register(stricter)],
    [
      'a first gate with a proposal',
      (line) => void line.open(),
      (line) => line.register(empty, { proposal: id('a') }),
    ],
    ['one that replaces nothing', begun, (line) => line.register(stricter, { replaces: null })],
    [
      'another definition than was proposed',
      gateDecided,
      (line) => line.register(other, { proposal: id('g') }),
    ],
    [
      'one that was not decided yet',
      (line) => void line.begin(empty).proposeGate('g', stricter),
      (line) => line.register(stricter, { proposal: id('g') }),
    ],
    [
      'the same twice',
      (line) => {
        gateDecided(line);
        line.register(stricter, { proposal: id('g') });
      },
      (line) => line.register(stricter, { proposal: id('g') }),
    ],
    [
      'one that was decided under another gate',
      (line) => {
        line.begin(empty).proposeGate('g', stricter).proposeGate('h', other);
        line
          .examine('g')
          .examine('h')
          .approve('g')
          .approve('h')
          .register(stricter, { proposal: id('g') });
      },
      (line) => line.register(other, { proposal: id('h') }),
    ],
  ],
  'gate-current': [
    [
      'held-out items of another gate',
      (line) => void line.open().register(empty),
      (line) => line.openHeldOut({ gate: named('x') }),
    ],
    [
      'other held-out items',
      (line) => void line.open().register(empty),
      (line) => line.openHeldOut({ count: 9 }),
    ],
    ['an evaluation for another gate', proposed, (line) => line.evaluate('a', { gate: named('x') })],
    ['an examination by another gate', proposed, (line) => line.openGate('a', { gate: named('x') })],
    ['a check by another gate', opened, (line) => line.check('a', 'pass', { gate: named('x') })],
    [
      'a read by another gate',
      tested,
      (line) => line.readHeldOut('a', { gate: named('x'), side: 'challenger' }),
    ],
    [
      'a decision by another gate',
      (line) => {
        opened(line);
        line.check('a', 'block');
      },
      (line) => line.decide('a', { gate: named('x') }),
    ],
    ['a sealed test by another gate', begun, (line) => line.openSealed({ gate: named('x') })],
    ['a sealed test at another level', begun, (line) => line.openSealed({ alpha: '1/2' })],
    ['other sealed items', begun, (line) => line.openSealed({ count: 9 })],
    [
      'a sealed result at another level',
      (line) => void line.begin(empty).openSealed(),
      (line) => line.finishSealed({ level: '1/2' }),
    ],
    [
      'a sealed read by another gate',
      (line) => void line.begin(empty).openSealed(),
      (line) => line.readSealed('champion', { gate: named('x') }),
    ],
  ],
  'one-examination': [
    [
      'a second examination',
      (line) => {
        opened(line);
        line.propose('b');
      },
      (line) => line.openGate('b'),
    ],
    ['a new epoch meanwhile', opened, (line) => line.openHeldOut()],
    ['a rollback meanwhile', opened, (line) => line.rollBack('strategy', 'strategy-0')],
    [
      'a promotion meanwhile',
      (line) => {
        decided(line);
        line.propose('b').openGate('b');
      },
      (line) => line.promoteOn('a', 'certified'),
    ],
    ['a gate meanwhile', opened, (line) => line.register(stricter)],
    ['a baseline meanwhile', opened, (line) => line.install('prompt', 'prompt-0')],
    ['a sealed test meanwhile', opened, (line) => line.openSealed()],
    [
      'a gate while the sealed test is under way',
      (line) => {
        gateDecided(line);
        line.openSealed();
      },
      (line) => line.register(stricter, { proposal: id('g') }),
    ],
  ],
  'baseline-once': [
    ['a slot that is not empty', begun, (line) => line.install('strategy', 'strategy-1')],
    ['a gate', begun, (line) => line.install('gate', 'gate-0')],
    [
      'a slot that was empty when something was examined',
      decided,
      (line) => line.install('prompt', 'prompt-0'),
    ],
  ],
  'epoch-order': [
    ['two epochs at a time', begun, (line) => line.openHeldOut()],
    [
      'a number left out',
      (line) => void line.begin(empty).retire(),
      (line) => line.openHeldOut({ epoch: 3 }),
    ],
    [
      'more alpha than granted',
      (line) => void line.open().register(empty),
      (line) => line.openHeldOut({ alpha: '1/10' }),
    ],
    [
      'the end of an epoch that is not open',
      (line) => void line.begin(empty).retire(),
      (line) => line.retire(),
    ],
    ['the end of an epoch within an examination', opened, (line) => line.retire()],
  ],
} satisfies Cases;
