import { named } from '../../support/gate-definition.ts';
import {
  approvable,
  begun,
  blocked,
  type Cases,
  decided,
  empty,
  gateDecided,
  id,
  opened,
  passed,
  proposed,
  stricter,
  twoPeople,
} from './histories.ts';

/** What may not happen to decisions and after them. */
export const promotionCases = {
  'decision-follows': [
    ['a decision before the end', opened, (line) => line.decide('a', { verdict: 'promote' })],
    ['another verdict', blocked, (line) => line.decide('a', { verdict: 'promote' })],
    ['kept against the checks', blocked, (line) => line.decide('a', { keep: true })],
    ['by another check', blocked, (line) => line.decide('a', { decidedBy: 'heldout' })],
    ['a symbol that was not earned', blocked, (line) => line.decide('a', { symbol: 'discard' })],
    ['no symbol though items were read', passed, (line) => line.decide('a', { symbol: null })],
    ['a budget that was not charged', passed, (line) => line.decide('a', { budgetAfter: '1/20' })],
    ['another epoch', passed, (line) => line.decide('a', { epoch: 2 })],
  ],
  'promotion-evaluated': [
    [
      'a champion that is not its content',
      (line) => void line.open(),
      (line) => line.install('strategy', 's', { champion: named('x') }),
    ],
    ['a discard of something else', proposed, (line) => line.discard('a', { challenger: named('x') })],
    ['a decision about something else', blocked, (line) => line.decide('a', { challenger: named('x') })],
    ['another challenger', decided, (line) => line.promoteOn('a', 'certified', { challenger: named('x') })],
    [
      'another configuration',
      decided,
      (line) => line.promoteOn('a', 'certified', { configuration: named('x') }),
    ],
    ['other slots', decided, (line) => line.promoteOn('a', 'certified', { slots: { strategy: named('x') } })],
    [
      'in place of something else',
      decided,
      (line) => line.promoteOn('a', 'certified', { replaces: named('x') }),
    ],
    [
      'in place of what does not hold any more',
      (line) => {
        line.begin(empty).propose('a').propose('b').examine('a').examine('b').promoteOn('a', 'certified');
      },
      (line) => line.promoteOn('b', 'certified'),
    ],
  ],
  'promotion-decided': [
    ['what nobody examined', proposed, (line) => line.promoteOn('a', 'certified')],
    [
      'what was discarded by the gate',
      (line) => void line.begin(empty).propose('a').examine('a', { heldout: 'block' }),
      (line) => line.promoteOn('a', 'certified'),
    ],
    [
      'what was not kept',
      (line) => void line.begin(empty).propose('a').examine('a', { dev: 'block' }),
      (line) => line.promoteOn('a', 'working'),
    ],
    [
      'twice',
      (line) => {
        decided(line);
        line.promoteOn('a', 'certified');
      },
      (line) => line.promoteOn('a', 'certified'),
    ],
    ['a discard of what the gate promotes', decided, (line) => line.discard('a')],
    [
      'a discard of what was promoted',
      (line) => {
        decided(line);
        line.promote('a');
      },
      (line) => line.discard('a'),
    ],
    [
      'a discard twice',
      (line) => void line.begin(empty).propose('a').examine('a', { dev: 'block' }).discard('a'),
      (line) => line.discard('a'),
    ],
    ['a gate as if it were a configuration', gateDecided, (line) => line.promoteOn('g', 'certified')],
  ],
  'approval-counts': [
    [
      'of what nobody decided',
      (line) => void line.begin(twoPeople).propose('a'),
      (line) => line.approve('a'),
    ],
    [
      'by the proposer',
      (line) => {
        line.begin(twoPeople).propose('a', 'strategy', { author: 'person:bob' }).examine('a');
      },
      (line) => line.approve('a', 'person:bob'),
    ],
    ['by somebody who may not', approvable, (line) => line.approve('a', 'person:max')],
    ['a refusal by somebody who may not', approvable, (line) => line.refuseApproval('a', 'person:max')],
    [
      'twice',
      (line) => {
        approvable(line);
        line.approve('a', 'person:bob');
      },
      (line) => line.approve('a', 'person:bob'),
    ],
    ['of something else', approvable, (line) => line.approve('a', 'person:bob', { challenger: named('x') })],
    [
      'after a refusal',
      (line) => {
        approvable(line);
        line.refuseApproval('a', 'person:bob');
      },
      (line) => line.approve('a', 'person:eve'),
    ],
  ],
  'approval-complete': [
    [
      'with one approval of two',
      (line) => {
        approvable(line);
        line.approve('a', 'person:bob');
      },
      (line) => line.promoteOn('a', 'certified'),
    ],
    [
      'after a refusal',
      (line) => {
        approvable(line);
        line.approve('a', 'person:bob').refuseApproval('a', 'person:eve');
      },
      (line) => line.promoteOn('a', 'certified'),
    ],
    [
      'a gate that nobody approved',
      (line) => void line.begin(empty).proposeGate('g', stricter).examine('g'),
      (line) => line.register(stricter, { proposal: id('g') }),
    ],
  ],
  'rollback-known': [
    ['to what it never held', begun, (line) => line.rollBack('strategy', 'strategy-9')],
    ['to what it holds', begun, (line) => line.rollBack('strategy', 'strategy-0')],
    [
      'from what it does not hold',
      (line) => {
        decided(line);
        line.promote('a');
      },
      (line) => line.rollBack('strategy', 'strategy-0', { from: named('x') }),
    ],
    [
      'to what only the working track held',
      (line) => {
        line.begin(empty).propose('a').examine('a', { trigger: 'block' }).promote('a');
      },
      (line) => line.rollBack('strategy', 'a'),
    ],
    ['of a gate', begun, (line) => line.rollBack('gate', 'gate-0')],
  ],
  'sealed-once': [
    ['a read before the opening', begun, (line) => line.readSealed('champion')],
    [
      'a read of something else',
      (line) => void line.begin(empty).openSealed(),
      (line) => line.readSealed('champion', { configuration: named('x') }),
    ],
    [
      'a read after the end',
      (line) => void line.begin(empty).openSealed().finishSealed(),
      (line) => line.readSealed('champion'),
    ],
    ['of another champion', begun, (line) => line.openSealed({ champion: named('x') })],
    ['of another baseline', begun, (line) => line.openSealed({ baselineSlots: {} })],
    [
      'a result of something else',
      (line) => void line.begin(empty).openSealed(),
      (line) => line.finishSealed({ baseline: named('x') }),
    ],
    [
      'a second result',
      (line) => void line.begin(empty).openSealed().finishSealed(),
      (line) => line.finishSealed(),
    ],
    [
      'on items that a person saw',
      (line) => void line.begin(empty).readSealed('champion', { reader: 'person' }),
      (line) => line.openSealed(),
    ],
  ],
} satisfies Cases;
