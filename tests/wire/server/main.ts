import { serveControl } from './control.ts';
import { startWireServer, type WireServerOptions } from './wire-server.ts';

/**
 * The server as a process of its own: options as JSON in the first argument, one line of JSON with its address and that of its
 * control channel when it listens. Ends on SIGTERM, or with
 * `--while-input-is-open` as the second argument when standard input ends.
 */
const options: WireServerOptions = JSON.parse(process.argv[2] ?? '{}');
const server = await startWireServer(options);
const { setFaults, faultCounts, cutConnections, restart, recreate } = server;
const control = await serveControl({ setFaults, faultCounts, cutConnections, restart, recreate });
const { host, port, url } = server;
process.stdout.write(`${JSON.stringify({ host, port, url, control: control.url })}\n`);

function end(): void {
  control.close();
  void server.stop().then(() => process.exit(0));
}

process.once('SIGTERM', end);
process.once('SIGINT', end);
// Started by a test that may itself be killed: then nobody is left to send a signal.
if (process.argv[3] === '--while-input-is-open') process.stdin.on('end', end).resume();
