/** What a link of a gate's chain can be; `own` is a check from a file of one's own. */
export const checkKinds = [
  'static',
  'own',
  'dev',
  'cost',
  'latency',
  'trigger',
  'heldout',
  'slices',
] as const;
export type CheckKind = (typeof checkKinds)[number];
