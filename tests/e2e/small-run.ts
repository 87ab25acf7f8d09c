/** Three tasks of the starter suite: solved at once, solved late, and not solved; what comes of them is known exactly. */
export const smallTasks = [
  'starter/bank-ledger/02',
  'starter/anagram-groups/06',
  'starter/anagram-groups/02',
];

/** `pawl run` over them with these strategies. */
export function smallRun(...strategies: readonly string[]): readonly string[] {
  return [
    ...['run', '--tasks', smallTasks.join(','), '--strategy', strategies.join(',')],
    ...['--candidates', '8', '--seed', '7', '-j', '1'],
  ];
}
