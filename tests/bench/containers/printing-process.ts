import { testSandbox } from '../../sandbox/docker/test-settings.ts';
import { casesOf, requestOf } from '../../sandbox/execution-request.ts';

/** Prints one line of JSON about its own memory while 200 programs try to print a gigabyte each. */
const executions = 200;
const lanes = 2;
const megabyte = 1_000_000;
const program =
  'function add(a, b) {\n  const line = "x".repeat(1_000_000);\n  for (let i = 0; i < 1000; i += 1) process.stdout.write(line);\n  return a + b;\n}\n';
const request = requestOf('javascript', program, casesOf(['add(1, 2)', '3']), {
  limits: { outputBytes: 65_536, wallMs: 20_000, steps: null },
});

const sandbox = testSandbox('execution', ['javascript']);
let peak = 0;
const look = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const before = process.memoryUsage.rss();
const timer = setInterval(look, 20);
const outcomes: Record<string, number> = {};
let read = 0;
let left = executions;
await Promise.all(
  Array.from({ length: lanes }, async () => {
    while (left > 0) {
      left -= 1;
      const { result } = await sandbox.execute(request);
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      read += result.stdout.bytesTotal;
      look();
    }
  }),
);
clearInterval(timer);
await sandbox.close();
const figures = {
  peakMb: peak / megabyte,
  beforeMb: before / megabyte,
  executions,
  outcomes,
  readMb: read / megabyte,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
