import { testSandbox } from '../../sandbox/docker/test-settings.ts';
import { casesOf, requestOf } from '../../sandbox/execution-request.ts';

/** Executes until it is killed, or as often as it is told; prints a line after each execution. */
const times = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const request = requestOf('python', 'def add(a, b):\n    return a + b\n', casesOf(['add(1, 2)', '3']));
const sandbox = testSandbox('execution', ['python']);
let done = 0;
await Promise.all(
  [1, 2].map(async () => {
    while (done < times) {
      done += 1;
      const { result } = await sandbox.execute(request);
      process.stdout.write(`${result.outcome}\n`);
    }
  }),
);
await sandbox.close();
