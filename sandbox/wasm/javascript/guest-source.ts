import { readFileSync } from 'node:fs';

/** The parts that both ends of a line to a candidate elsewhere are made of. */
export const lineParts: Readonly<Record<string, string>> = {
  named: 'remote/named.js',
  entries: 'remote/entries.js',
  writeValues: 'remote/write-values.js',
  readValues: 'remote/read-values.js',
  standIns: 'remote/stand-ins.js',
  toPrimitive: 'remote/to-primitive.js',
  peer: 'remote/peer.js',
};

const partFiles: Readonly<Record<string, string>> = {
  primordials: 'primordials.js',
  lockdown: 'lockdown.js',
  identity: 'identity.js',
  kindOf: 'kind-of.js',
  encode: 'encode.js',
  render: 'render.js',
  describeError: 'describe-error.js',
  random: 'random.js',
  timers: 'timers.js',
  console: 'console.js',
  steps: 'steps.js',
  hideCounter: 'hide-counter.js',
  report: 'report.js',
  cases: 'cases.js',
  asserts: 'asserts.js',
  ...lineParts,
  examiner: 'remote/examiner.js',
};

/** One expression for the interpreter: a function that takes the host and returns the harness. Each file is a function. */
export function guestSource(): string {
  return `(host) => (${readGuest('main.js')})(${guestParts(partFiles)}, host)`;
}

/** An object expression with the given files of the guest by name. */
export function guestParts(files: Readonly<Record<string, string>>): string {
  const parts = Object.entries(files).map(([name, file]) => `${name}:\n${readGuest(file)}`);
  return `{ __proto__: null,\n${parts.join(',\n')}\n}`;
}

const readGuest = (file: string): string =>
  readFileSync(new URL(`./guest/${file}`, import.meta.url), 'utf8')
    .trim()
    .replace(/;$/u, '');

/** What `guest/main.js` returns. */
export const harnessKeys = [
  'begin',
  'scope',
  'prepareCase',
  'startCase',
  'caseSettled',
  'endCase',
  'endLoad',
  'steps',
  'fireTimer',
  'failure',
  'describeAssert',
  'runScript',
  'scriptSettled',
  'neverSettled',
  'remoteLoad',
  'remoteBind',
  'remotePump',
  'remoteFire',
] as const;
export type HarnessKey = (typeof harnessKeys)[number];
