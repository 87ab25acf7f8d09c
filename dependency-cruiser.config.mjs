// @ts-check
/**
 * The rooms of the design and who may import whom, as data. The rules below are derived from these tables, so that an edge
 * is opened or closed in one place. `tests/tidy/boundaries.test.ts` plants violations and sees every rule fire.
 *
 * A room may always import itself. `npm: 'zod'` (or any list) is all it may take from `node_modules`; a room without it
 * may take any declared dependency that `owners` does not reserve. `builtins: false` forbids `node:` modules.
 *
 * @typedef {{ at: string, mayImport: string[], builtins?: false, npm?: string[] }} Room
 * @type {Record<string, Room>}
 */
export const rooms = {
  kernel: { at: 'src/kernel', mayImport: [], npm: ['ulid', 'pure-rand'] },
  events: { at: 'src/events', mayImport: ['kernel'], builtins: false, npm: ['zod'] },
  mutation: { at: 'src/mutation', mayImport: ['kernel'] },
  ledger: { at: 'src/ledger', mayImport: ['kernel', 'events'] },
  projections: { at: 'projections', mayImport: ['kernel', 'events'], builtins: false, npm: ['zod'] },
  strategies: { at: 'src/strategies', mayImport: ['kernel', 'events'], builtins: false, npm: ['zod'] },
  scorers: { at: 'src/scorers', mayImport: ['kernel', 'events'], builtins: false, npm: ['zod'] },
  tasks: { at: 'src/tasks', mayImport: ['kernel', 'events', 'mutation'] },
  generators: { at: 'src/generators', mayImport: ['kernel', 'events', 'mutation'] },
  sandbox: { at: 'sandbox', mayImport: ['kernel', 'events'] },
  policy: { at: 'gates/policy', mayImport: ['kernel', 'events'], builtins: false, npm: ['zod'] },
  gates: { at: 'gates', mayImport: ['kernel', 'events', 'projections', 'policy'] },
  loop: {
    at: 'src/loop',
    mayImport: [
      ...['kernel', 'events', 'ledger', 'projections', 'strategies', 'generators', 'scorers', 'tasks'],
      ...['sandbox', 'policy', 'gates'],
    ],
  },
  exchange: {
    at: 'src/exchange',
    mayImport: [
      ...['kernel', 'events', 'ledger', 'projections', 'strategies', 'generators', 'scorers', 'tasks'],
      ...['sandbox', 'policy', 'gates', 'loop'],
    ],
  },
  cli: {
    at: 'src/cli',
    mayImport: [
      ...['kernel', 'events', 'mutation', 'ledger', 'projections', 'strategies', 'generators', 'scorers'],
      ...['tasks', 'sandbox', 'policy', 'gates', 'loop', 'exchange'],
    ],
  },
};

/**
 * Modules that one place alone may import, so that what they bring (a database, an interpreter) stays replaceable.
 *
 * @type {Record<string, string>}
 */
export const owners = {
  'node:sqlite': '^src/ledger/stores/sqlite',
  pyodide: '^sandbox/wasm/python',
  'quickjs-emscripten': '^sandbox/wasm/javascript',
  '@eventstore/db-client': '^src/ledger/stores/eventstore',
  dockerode: '^sandbox/docker',
  fastify: '^src/http/',
  commander: '^src/cli/',
  ai: '^src/generators/model/',
  '@ai-sdk/openai-compatible': '^src/generators/model/',
};

/** JavaScript that the product reads as text: what runs inside the sandbox, and programs to be repaired. */
const texts = [
  '^sandbox/wasm/javascript/guest/',
  '^sandbox/docker/agents/javascript/.*[.]js$',
  '^src/tasks/starter/programs/',
];
const anyRoom = '^(src/[^/]+/|projections/|gates/|sandbox/)';
const inside = (/** @type {string} */ name) => `^${rooms[name]?.at}/`;
/** Rooms that lie inside this one (`gates/policy` in `gates`): their files are not its files. */
const nested = (/** @type {Room} */ room) =>
  Object.values(rooms).flatMap((other) => (other.at.startsWith(`${room.at}/`) ? [`^${other.at}/`] : []));
const literally = (/** @type {string} */ text) => text.replaceAll('.', '\\.');
const npmPackage = (/** @type {string} */ name) =>
  `(^|/)node_modules/${literally(name)}/|^${literally(name)}$`;
const npmTypes = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const edges = Object.entries(rooms).map(([name, room]) => ({
  name: `room-${name}`,
  comment: `${room.at} may import ${room.mayImport.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: inside(name), pathNot: nested(room) },
  to: { path: anyRoom, pathNot: [inside(name), ...room.mayImport.map(inside)] },
}));

const noBuiltins = Object.entries(rooms)
  .filter(([, room]) => room.builtins === false)
  .map(([name, room]) => ({
    name: `pure-${name}`,
    comment: `${room.at} is pure: it reaches nothing of the machine, so that replay gives the same decisions.`,
    severity: 'error',
    from: { path: inside(name) },
    to: { dependencyTypes: ['core'] },
  }));

const packages = Object.entries(rooms)
  .filter(([, room]) => room.npm !== undefined)
  .map(([name, room]) => ({
    name: `npm-${name}`,
    comment: `From npm, ${room.at} may import ${room.npm?.join(', ')} only.`,
    severity: 'error',
    from: { path: inside(name) },
    to: { dependencyTypes: npmTypes, pathNot: room.npm?.map(npmPackage) ?? [] },
  }));

const owned = Object.entries(owners).map(([module, place]) => ({
  name: `owner-of-${module.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}`,
  comment: `Only ${place} may import ${module}.`,
  severity: 'error',
  from: { pathNot: place },
  to: { path: npmPackage(module) },
}));

export default {
  forbidden: [
    ...edges,
    ...noBuiltins,
    ...packages,
    ...owned,
    {
      name: 'exam-stays-unseen',
      comment: 'What searches must not reach what judges it, not even through another module.',
      severity: 'error',
      from: { path: '^(src/strategies|src/generators|src/scorers|projections)/' },
      to: { path: '^gates/', reachable: true },
    },
    {
      name: 'hidden-tests-stay-hidden',
      comment:
        'Hidden tests are opened where suites are made and where the final answer is graded, nowhere else.',
      severity: 'error',
      from: { pathNot: '^src/(tasks|loop)/' },
      to: { path: '^src/tasks/hidden-tests\\.ts$' },
    },
    {
      name: 'cli-is-a-leaf',
      comment: 'The command line is a shell around the product; nothing builds on it.',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'barrel-is-for-outsiders',
      comment: 'src/index.ts is the only barrel, and rooms import files, not the barrel.',
      severity: 'error',
      from: { path: '^(src|projections|gates|sandbox)/' },
      to: { path: '/index\\.ts$', pathNot: '(^|/)node_modules/' },
    },
    {
      name: 'tests-stay-outside',
      comment: 'Product code does not import test code.',
      severity: 'error',
      from: { path: '^(src|projections|gates|sandbox)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'only-declared-dependencies',
      comment: 'Product code imports what package.json declares under dependencies.',
      severity: 'error',
      from: { path: '^(src|projections|gates|sandbox)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'imports-resolve',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'Files that import each other can only be understood together; types count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and that nothing imports is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', ...texts] },
      to: {},
    },
  ],
  options: {
    // Type-only imports are edges of the design like any other.
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mts', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
