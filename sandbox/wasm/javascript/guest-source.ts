import { readFileSync } from 'node:fs';

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
  report: 'report.js',
  cases: 'cases.js',
  asserts: 'asserts.js',
};

/** One expression for the interpreter: a function that takes the host and returns the harness. Each file is a function. */
export function guestSource(): string {
  const read = (file: string): string =>
    readFileSync(new URL(`./guest/${file}`, import.meta.url), 'utf8')
      .trim()
      .replace(/;$/u, '');
  const parts = Object.entries(partFiles).map(([name, file]) => `${name}:\n${read(file)}`);
  return `(host) => (${read('main.js')})({ __proto__: null,\n${parts.join(',\n')}\n}, host)`;
}

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
] as const;
export type HarnessKey = (typeof harnessKeys)[number];
