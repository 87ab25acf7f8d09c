import { gateDefinition, named } from '../../support/gate-definition.ts';
import {
  begun,
  type Cases,
  decided,
  empty,
  items,
  opened,
  proposed,
  read,
  shown,
  tested,
} from './histories.ts';

/** What may not happen to held-out items, proposals and examinations. */
export const examinationCases = {
  'items-once': [
    [
      'the same held-out items again',
      (line) => void line.begin(empty).retire(),
      (line) => line.openHeldOut(),
    ],
    [
      'the sealed items again',
      (line) => void line.begin(empty).openSealed().finishSealed(),
      (line) => line.openSealed(),
    ],
  ],
  'held-out-inside-gate': [
    [
      'held-out items on request',
      proposed,
      (line) => line.evaluate('a', { items: empty.evaluation.heldout.items }),
    ],
    ['sealed items on request', proposed, (line) => line.evaluate('a', { items: items(empty) })],
    ['a read before the opening', proposed, (line) => line.readHeldOut('a', { side: 'challenger' })],
    ['a read before its turn', opened, (line) => line.readHeldOut('a', { side: 'challenger' })],
    ['a read after the decision', decided, (line) => line.readHeldOut('a', { side: 'challenger' })],
    ['a read for nobody', tested, (line) => line.readHeldOut('a', { side: 'challenger', proposal: null })],
    [
      'another challenger',
      tested,
      (line) => line.readHeldOut('a', { side: 'challenger', configuration: named('x') }),
    ],
    [
      'other slots',
      tested,
      (line) => line.readHeldOut('a', { side: 'challenger', slots: { prompt: named('x') } }),
    ],
    [
      'another champion',
      tested,
      (line) => line.readHeldOut('a', { side: 'champion', configuration: named('x') }),
    ],
    ['more items than there are', tested, (line) => line.readHeldOut('a', { side: 'challenger', to: 11 })],
    ['no items', tested, (line) => line.readHeldOut('a', { side: 'challenger', from: 5, to: 5 })],
    ['a held-out test that was not carried out', tested, (line) => line.check('a', 'pass')],
    [
      'a held-out test that is skipped',
      (line) => {
        tested(line);
        line.readHeldOut('a');
      },
      (line) => line.check('a', 'skip'),
    ],
  ],
  'epoch-usable': [
    [
      'an examination without held-out items',
      (line) => {
        line.open().register(empty).install('strategy', 'strategy-0').propose('a');
      },
      (line) => line.openGate('a'),
    ],
    [
      'an examination on retired items',
      (line) => void line.begin(empty).retire().propose('a'),
      (line) => line.openGate('a'),
    ],
    [
      'an examination on items that a person saw',
      (line) => {
        line.begin(empty).propose('a').readHeldOut('a', shown).propose('b');
      },
      (line) => line.openGate('b'),
    ],
    [
      'a read of items that a person saw',
      (line) => {
        tested(line);
        line.readHeldOut('a', shown);
      },
      (line) => line.readHeldOut('a', { side: 'challenger' }),
    ],
    ['a read in another epoch', tested, (line) => line.readHeldOut('a', { side: 'challenger', epoch: 2 })],
    [
      'an examination without alpha',
      (line) => {
        line.begin(gateDefinition({ policy: 'fresh-shard', cost: null, latency: null }));
        line.propose('a').examine('a').promoteOn('a', 'certified').propose('b');
      },
      (line) => line.openGate('b'),
    ],
  ],
  'proposal-once': [
    ['asked for twice', (line) => void line.begin(empty).request('a'), (line) => line.request('a')],
    ['answered twice', proposed, (line) => line.propose('a')],
    [
      'answered for another slot',
      (line) => void line.begin(empty).request('a'),
      (line) => line.propose('a', 'generator'),
    ],
    [
      'another hash than its content',
      begun,
      (line) => line.propose('a', 'strategy', { challenger: named('x') }),
    ],
    ['a failure that nobody waits for', begun, (line) => line.fail('a')],
    [
      'an answer after a failure',
      (line) => void line.begin(empty).request('a').fail('a'),
      (line) => line.propose('a'),
    ],
    [
      'an examination of nothing',
      (line) => void line.begin(empty).request('a'),
      (line) => line.openGate('a'),
    ],
    [
      'a second examination',
      (line) => void line.begin(empty).propose('a').examine('a', { static: 'block' }),
      (line) => line.openGate('a'),
    ],
    [
      'an examination of what was discarded',
      (line) => void line.begin(empty).propose('a').discard('a'),
      (line) => line.openGate('a'),
    ],
  ],
  'slot-filled': [
    ['a request for an empty slot', begun, (line) => line.request('a', 'prompt')],
    ['a proposal for an empty slot', begun, (line) => line.propose('a', 'prompt')],
  ],
  'parent-current': [
    [
      'a parent that was replaced',
      (line) => {
        line.begin(empty).propose('a').propose('b').examine('a', { trigger: 'block' }).promote('a');
      },
      (line) => line.openGate('b'),
    ],
  ],
  'evaluated-configuration': [
    [
      'a run of other slots than named',
      proposed,
      (line) => line.evaluate('a', { slots: { prompt: named('x') } }),
    ],
    ['another challenger', proposed, (line) => line.openGate('a', { challenger: named('x') })],
    ['another slot', proposed, (line) => line.openGate('a', { slot: 'generator' })],
    ['other slots', proposed, (line) => line.openGate('a', { slots: { strategy: named('a') } })],
    ['another configuration', proposed, (line) => line.openGate('a', { configuration: named('x') })],
    ['against another working champion', proposed, (line) => line.openGate('a', { working: named('x') })],
    ['against another certified champion', proposed, (line) => line.openGate('a', { certified: named('x') })],
  ],
  'check-order': [
    ['a check without an examination', proposed, (line) => line.check('a', 'pass')],
    ['a check out of turn', opened, (line) => line.check('a', 'pass', { check: 'dev', kind: 'dev' })],
    ['a check of another kind', opened, (line) => line.check('a', 'pass', { kind: 'own' })],
    [
      'a check of held-out items that is not sealed',
      tested,
      (line) => line.check('a', 'inconclusive', { sealed: false }),
    ],
    [
      'a check after one that blocked',
      (line) => {
        opened(line);
        line.check('a', 'block');
      },
      (line) => line.check('a', 'pass'),
    ],
    ['a decision about what is not under examination', decided, (line) => line.decide('a')],
  ],
  'level-from-ledger': [
    ['a higher level', read, (line) => line.check('a', 'pass', { level: '1/20' })],
    ['no level', read, (line) => line.check('a', 'pass', { level: null })],
    ['another budget', read, (line) => line.check('a', 'pass', { budgetBefore: '1/10' })],
    ['no budget', read, (line) => line.check('a', 'pass', { budgetBefore: null })],
  ],
} satisfies Cases;
