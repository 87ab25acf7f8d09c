import type { Family } from './hostile-program.ts';

/** One row of the table in docs/explanation/threat-model.md. */
export interface Claim {
  /** What a candidate tries. */
  readonly claim: string;
  readonly family: Family;
  /** What keeps it from it, or that nothing does. */
  readonly wasm: string;
  readonly execution: string;
  readonly batch: string;
  /** Names of programs of that family that try it. */
  readonly tests: readonly string[];
}

const none = 'there is none';
const same = 'the same';

export const claims: readonly Claim[] = [
  {
    claim: 'start processes or threads without end',
    family: 'processes',
    wasm: none,
    execution: 'bounded by the container; ended with it',
    batch: same,
    tests: ['forks without end', 'forks until it is refused', 'starts threads until it is refused'],
  },
  {
    claim: 'leave processes that outlive it',
    family: 'processes',
    wasm: none,
    execution: 'gone with the container',
    batch: 'ended with everything of their user, before the next execution begins',
    tests: [
      'leaves a daemon that was forked twice in a session of its own',
      'leaves a command under nohup',
      'leaves children that nobody waits for',
      'leaves children that are stopped',
    ],
  },
  {
    claim: 'kill or stop what watches over it',
    family: 'signals',
    wasm: 'there is nothing to signal',
    execution: 'it reaches the supervisor in its own container and ends only itself',
    batch: 'refused by the kernel: the supervisor is another user',
    tests: [
      'kills everything that it may',
      'kills its parent',
      'stops its parent',
      'ignores every signal and goes on',
    ],
  },
  {
    claim: 'take all memory',
    family: 'memory',
    wasm: 'its memory has a maximum',
    execution:
      'bounded by the container, without swap; `/dev/shm`, the work directory and its children count',
    batch: same,
    tests: [
      'takes a gigabyte at once',
      'maps anonymous memory and touches it',
      'fills the shared memory directory',
      'has a child take the memory',
    ],
  },
  {
    claim: 'fill the disk, or use up its inodes',
    family: 'storage',
    wasm: 'its files are in its memory, up to a maximum',
    execution: 'only `/work` can be written, which is bounded',
    batch: 'the same, wiped after each execution; what cannot be wiped is destroyed with the container',
    tests: [
      'fills the disk',
      'makes files until there are no more inodes',
      'makes directories that nobody may enter',
      'makes directories in each other until it is refused',
    ],
  },
  {
    claim: 'follow links or paths out of its directory',
    family: 'storage',
    wasm: 'no file of the host is there',
    execution: 'no file of the host is there; the root cannot be written',
    batch: same,
    tests: [
      'leaves links to everything',
      'writes above its work directory',
      'writes to a file of the host by its path',
    ],
  },
  {
    claim: 'print without end, or what looks like a result',
    family: 'output',
    wasm: 'ended at the cap; a result is never read from output',
    execution: same,
    batch: same,
    tests: [
      'prints without end and without a newline',
      'prints to both streams without end',
      'prints what looks like a passed result',
    ],
  },
  {
    claim: 'run for ever',
    family: 'time',
    wasm: 'its thread is ended',
    execution: 'its container is ended, from outside',
    batch: same,
    tests: ['loops without end', 'computes inside one instruction', 'catches every exception and loops'],
  },
  {
    claim: 'end with success before it is tested',
    family: 'ending early',
    wasm: 'a test that did not run is not passed',
    execution: same,
    batch: same,
    tests: [
      'calls sys.exit(0) before the tests',
      'calls os._exit(0) in a test',
      'has an exit handler that never ends',
    ],
  },
  {
    claim: 'write a passed result to the channel',
    family: 'forging a result',
    wasm: 'there is no channel inside',
    execution: 'the channel carries what its functions give, never a verdict',
    batch: 'the same; it cannot write to the supervisor at all',
    tests: [
      'writes a result to every descriptor that it has',
      'writes frames of the protocol, with guessed nonces, to every descriptor',
      "looks for the nonce in its supervisor's memory and uses it",
    ],
  },
  {
    claim: 'change the code that tests it',
    family: 'patching the harness',
    wasm: 'verdicts are made outside the interpreter, from values that were compared inside',
    execution: 'that code is not in the container',
    batch: same,
    tests: [
      'replaces the built-in functions',
      'replaces every function that it finds in memory',
      'traces whatever runs',
    ],
  },
  {
    claim: 'give a value that equals everything',
    family: 'equality that holds',
    wasm: 'Python compares a copy made of plain data; **not defended** where a method of the value answers, and in JavaScript',
    execution: 'the tests compare a copy made of plain data, or what is none is not equal',
    batch: same,
    tests: [
      'gives a value that equals everything',
      'gives a container that holds everything',
      'gives a value whose difference to anything is nothing',
    ],
  },
  {
    claim: 'read what the tests expect',
    family: 'reading the tests',
    wasm: '**not defended** for a script of assertions; cases are compiled one by one, after the candidate answered',
    execution: 'the tests are not in the container, nor in any process of it',
    batch: same,
    tests: [
      'searches the memory of every process',
      'searches every file that it can read',
      'reads the constants of the code that called it',
      'traces its caller until the comparison',
    ],
  },
  {
    claim: 'reach a network or another machine',
    family: 'network',
    wasm: 'there are no sockets',
    execution: 'there is no interface but loopback of its own',
    batch: same,
    tests: [
      'connects to a port of the host by its address',
      'connects to an abstract socket of the host',
      'asks for the metadata of a cloud machine',
      'reaches for the machine below by a virtual socket',
    ],
  },
  {
    claim: 'learn about the host',
    family: 'what the host is',
    wasm: 'its environment is made up',
    execution:
      'no environment, process, descriptor or directory of the host; kernel version and counts of the machine can be read',
    batch: same,
    tests: [
      'reads its environment',
      'looks for processes of the host',
      'reads what its kernel keeps for administrators',
    ],
  },
  {
    claim: 'write to the kernel or to devices',
    family: 'devices and the kernel',
    wasm: none,
    execution: 'read-only or absent',
    batch: same,
    tests: ['sets variables of the kernel', 'opens devices of the machine', 'makes a device of its own'],
  },
  {
    claim: 'gain privileges',
    family: 'privileges',
    wasm: none,
    execution: 'no capability, none to be gained; system calls are filtered',
    batch: same,
    tests: [
      'asks who it is',
      'starts every program that runs as an administrator',
      'mounts',
      'makes a user namespace',
    ],
  },
  {
    claim: 'leave something for the next execution',
    family: 'leaving something behind',
    wasm: 'memory and files are restored from an image',
    execution: 'there is no next execution in its container',
    batch: 'wiped and counted; a container that is not clean is destroyed',
    tests: [
      'leaves start-up code for the next Python',
      'leaves shared memory, a semaphore and a queue of System V',
      'leaves a lock on a file of the system',
    ],
  },
  {
    claim: 'explode when it is unpacked, matched or computed',
    family: 'bombs',
    wasm: 'the limits of memory and time',
    execution: same,
    batch: same,
    tests: ['unpacks more than its memory', 'backtracks in a regular expression', 'computes a huge power'],
  },
  {
    claim: 'give a value that breaks whoever looks at it',
    family: 'strange values',
    wasm: 'values are shown inside, within the limits of the program',
    execution: 'values arrive as bounded, strictly read data',
    batch: same,
    tests: [
      'raises an exception whose text never ends',
      'gives twenty thousand lists in each other',
      'gives a value whose class cannot be asked',
    ],
  },
];

/** The table as the page has it. */
export function claimsTable(): string {
  const rows = claims.map(({ claim, family, wasm, execution, batch, tests }) =>
    [`${claim}`, wasm, execution, batch, `*${family}*: ${tests.join('; ')}`].join(' | '),
  );
  return [
    '| a candidate tries to | WASM | Docker, `execution` | Docker, `batch` | shown by |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
