/**
 * What a history of improvement may not contain. Each rule is checked before an event is written, again when it is folded (an
 * event that breaks one changes nothing), and by `pawl verify` over what somebody else wrote. The page
 * `docs/reference/governance-rules.md` is checked against this table.
 */
export const governanceRules = {
  'opened-first': 'A line of improvement is opened once, before anything else.',
  'gate-hash': 'A gate is registered under the hash of its definition, and the definition is usable.',
  'gate-change-governed':
    'After the first, a gate takes effect only through a proposal for the gate slot that was decided and approved.',
  'gate-current': 'Evaluations, examinations and decisions name the gate that is registered at that time.',
  'one-examination': 'One challenger is examined at a time, and what governs does not change meanwhile.',
  'baseline-once': 'A baseline is installed in an empty slot only, and before anything is examined.',
  'epoch-order': 'Epochs are numbered in order, one is open at a time, with the alpha that the gate grants.',
  'items-once':
    'A set of items is opened once: neither a held-out set nor the sealed set can be opened again.',
  'held-out-inside-gate':
    'Held-out items are read between the opening of a gate and its decision, for the configurations under examination only.',
  'epoch-usable':
    'Nothing is tested on held-out items that are exhausted, or that somebody other than the gate has seen.',
  'proposal-once':
    'A proposal is made once and answered once, and its challenger is named by the hash of its content.',
  'slot-filled': 'Only a slot that holds something can be challenged.',
  'parent-current': 'A challenger is examined only while its slot still holds what it was made from.',
  'evaluated-configuration':
    'What is examined is the working configuration with the challenger in its slot, and nothing else.',
  'check-order': 'Checks are finished in the order of the chain, and none after one that blocked.',
  'level-from-ledger': 'A held-out test is run at the level that the alpha ledger gives, and at no other.',
  'decision-follows':
    'The verdict is what the checks come to, and the budget is what the symbols leave of it.',
  'promotion-evaluated':
    'What is promoted is what was evaluated: the same content, the same configuration, against the champion that still holds.',
  'promotion-decided': 'A promotion or discard follows its decision, once.',
  'approval-counts':
    'An approval is given once by each of those who may, for what was decided, and never by the proposer.',
  'approval-complete': 'What needs approvals is promoted only when it has them, and nobody refused.',
  'rollback-known': 'A slot goes back only to what it held before, from what it holds now.',
  'sealed-once': 'The sealed set is opened once, for the baseline and the certified champion.',
} as const;

export type GovernanceRule = keyof typeof governanceRules;
