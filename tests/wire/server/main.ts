import { serveControl } from './control.ts';
import { startWireServer, type WireServerOptions } from './wire-server.ts';

/**
 * The server as a process of its own: options as JSON in the first argument, one line of JSON with its address and that of its
 * control channel when it listens. Ends on SIGTERM, or with `--while-input-is-open` as the second argument when standard input
 * ends.
 */
const options: WireServerOptions = JSON.parse(process.argv[2] ?? '{}');
const { host, port, url, stop, ...methods } = await startWireServer(options);
const control = await serveControl(methods);
process.stdout.write(`${JSON.stringify({ host, port, url, control: control.url })}\n`);

function end(): void {
  control.close();
  void stop().then(() => process.exit(0));
}

process.once('SIGTERM', end);
process.once('SIGINT', end);
// Started by a test that may itself be killed: then nobody is left to send a signal.
if (process.argv[3] === '--while-input-is-open') process.stdin.on('end', end).resume();
