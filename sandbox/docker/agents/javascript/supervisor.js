/**
 * The container's first program: relays between the other side (frames on its standard input and output) and one
 * candidate process at a time, which it has started ahead, and ends everything of an execution. Whatever happens later
 * to something of an execution that is over (a timer, a stream, an exit) has no effect on the next one.
 */
(setup, parts) => {
  const fs = require('node:fs');
  const net = require('node:net');
  const { spawn } = require('node:child_process');
  const processes = parts.processes(fs);
  const { endUser, isClean } = parts.cleanliness(fs, spawn, processes);
  const messageBytesMax = 16 * 1024 * 1024;
  const isBatch = setup.isolation === 'batch';

  // Its way of ending an execution is to end every other process, which must be those of a container.
  if (process.ppid > 1) {
    process.stderr.write('This only runs as the first process of a container.\n');
    process.exit(70);
  }
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(71);
  });

  const input = new net.Socket({ fd: 0, readable: true, writable: false });
  const output = new net.Socket({ fd: 1, readable: false, writable: true });
  /** Streams that were stopped because the other side does not read. */
  const waiting = new Set();
  output.on('drain', () => {
    for (const stream of waiting) stream.resume();
    waiting.clear();
  });
  output.on('error', () => process.exit(0));
  const send = (kind, parts, source) => {
    const header = Buffer.alloc(5);
    header.write(kind, 0, 'latin1');
    header.writeUInt32BE(
      parts.reduce((sum, part) => sum + part.length, 0),
      1,
    );
    const flowing = output.write(Buffer.concat([header, ...parts]));
    if (!flowing && source !== undefined) {
      source.pause();
      waiting.add(source);
    }
  };

  const limiter = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => fs.existsSync(path));
  const environment = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/work',
    TMPDIR: '/work',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
  const command = [...setup.flags, '-e', setup.agent];
  /** Started ahead; nothing of a candidate has run in it. */
  let next = null;
  let current = null;

  const startChild = () => {
    const child = spawn(process.execPath, command, {
      cwd: '/work',
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const state = { child, line: child.stdio[3], ended: null, isReady: false, isEnding: false, over: [] };
    child.on('error', () => {
      // A candidate may have left room for no other process.
      if (current === null || state !== next) process.exit(72);
      next = null;
    });
    child.on('exit', (exitCode, signal) => {
      state.ended = { exitCode, signal };
      if (state === current) void end(state, null);
      if (state !== next) return;
      next = null;
      // Where a candidate runs beside it, its end may be that one's doing, or ours.
      if (current !== null) return;
      const said = child.stderr.read();
      process.stderr.write(`The candidate's process did not start.\n${said === null ? '' : said}`);
      process.exit(73);
    });
    const cut = parts.frames(4, messageBytesMax);
    state.line.on('error', () => {}); // it has ended
    state.line.on('data', (chunk) => {
      const pieces = cut(chunk);
      if (pieces === null) {
        state.line.destroy();
        void end(state, 'order');
        return;
      }
      for (const { body } of pieces) {
        if (state === current) fromCandidate(state, body);
        else if (state === next) {
          state.isReady = true;
          tellReady();
        }
      }
    });
    next = state;
  };
  const tellReady = () => {
    if (current !== null || next === null || !next.isReady) return;
    send('R', [Buffer.from(JSON.stringify({ protocol: 1, version: process.versions.node }))]);
  };
  const fromCandidate = (state, body) => {
    send('M', [state.nonce, body], state.line);
    // It has loaded: while the tests look at its answer there is time for the process after it.
    if (isBatch && next === null && !state.isEnding) startChild();
  };

  const toChild = (state, body) => {
    // A stream that is closed already would say neither that it has drained nor that it has closed.
    if (!state.line.writable) return;
    const header = Buffer.alloc(4);
    header.writeUInt32BE(body.length);
    if (!state.line.write(Buffer.concat([header, body]))) {
      input.pause();
      state.line.once('drain', () => input.resume());
      state.line.once('close', () => input.resume());
    }
  };
  const limit = (state, order) =>
    new Promise((resolve) => {
      if (limiter === undefined) {
        resolve();
        return;
      }
      // What is asked for and never written takes no memory, only addresses.
      const address = processes.addressBytes(state.child.pid) + 2 * setup.memoryBytes + 1024 ** 3;
      const limits = [
        `--as=${address}`,
        `--cpu=${order.cpuSecondsMax}`,
        `--fsize=${order.fileBytesMax}`,
        `--nofile=${order.openFilesMax}`,
        '--core=0',
      ];
      const child = spawn(limiter, [`--pid=${state.child.pid}`, ...limits], { stdio: 'ignore', env: {} });
      child.on('error', resolve);
      child.on('exit', resolve);
    });
  const relay = (state, stream, kind, name, bytesMax) => {
    let bytes = 0;
    stream.on('error', () => {});
    stream.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes > bytesMax + chunk.length) return;
      send(kind, [state.nonce, chunk], stream);
      if (bytes > bytesMax) {
        stream.removeAllListeners('data').pause();
        waiting.delete(stream);
        state.over.push(stream);
        // What the agent has to say about it is on its way.
        setTimeout(() => void end(state, name), 100).unref();
      }
    });
  };
  const start = (order) => {
    const state = next;
    next = null;
    current = state;
    state.before = processes.usage(process.pid, true);
    state.nonce = Buffer.from(order.nonce, 'hex');
    state.user = order.user;
    relay(state, state.child.stdout, '1', 'stdout', order.outputBytesMax);
    relay(state, state.child.stderr, '2', 'stderr', order.outputBytesMax);
    state.limited = limit(state, order).then(() =>
      toChild(state, Buffer.from(JSON.stringify({ user: order.user }))),
    );
  };

  const drained = (stream) =>
    new Promise((resolve) => {
      if (stream.destroyed || stream.readableEnded) resolve();
      else {
        stream.on('close', resolve);
        stream.on('end', resolve);
        stream.on('error', resolve);
      }
    });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const roundsMax = 2_000;
  /** Whether everything of an execution has ended. The process that is started ahead goes on, where that is possible. */
  const allGone = async (state) => {
    const spares = isBatch && state.user !== null && next !== null && (await endUser(state.user));
    for (let round = 0; round < roundsMax; round += 1) {
      if (!spares || round > 200) {
        processes.killAll();
        next = null;
      }
      if (processes.count(next === null ? 0 : next.child.pid) === 0) return true;
      await pause(round < 20 ? 1 : 5);
    }
    return false;
  };
  const used = ({ before }) => {
    const now = processes.usage(process.pid, true);
    return {
      cpuMs: now.cpuMs - before.cpuMs,
      minorFaults: now.minorFaults - before.minorFaults,
      majorFaults: now.majorFaults - before.majorFaults,
    };
  };
  /** reason: `order`, `stdout`, `stderr`, or null when the candidate's process has ended by itself. */
  const end = async (state, reason) => {
    if (state === null || state !== current || state.isEnding) return;
    state.isEnding = true;
    const endedFor = state.ended === null ? reason : null;
    const peak = state.ended === null ? processes.usage(state.child.pid, false).peakBytes : 0;
    const gone = await allGone(state);
    for (const stream of state.over) stream.destroy();
    await Promise.all([state.child.stdout, state.child.stderr, state.line].map(drained));
    while (state.ended === null) await pause(1);
    const clean = gone && isBatch && (await isClean(state.user, next === null ? 0 : next.child.pid));
    const { exitCode, signal } = state.ended;
    const done = { exitCode, signal, endedFor, ...used(state), peakBytes: peak, clean };
    current = null;
    send('D', [state.nonce, Buffer.from(JSON.stringify(done))]);
    if (!clean) output.end(() => process.exit(0));
    else if (next === null) startChild();
    else tellReady();
  };

  const cut = parts.frames(5, messageBytesMax + 16);
  const receive = ({ header, body }) => {
    const kind = header.toString('latin1', 0, 1);
    if (kind === 'S' && next !== null && current === null) start(JSON.parse(body.toString()));
    else if (kind === 'E') void end(current, 'order');
    else if (kind === 'M' && current !== null && !current.isEnding) {
      const state = current;
      void state.limited.then(() => toChild(state, body));
    }
  };
  input.on('data', (chunk) => {
    const pieces = cut(chunk);
    if (pieces === null) process.exit(74);
    for (const piece of pieces) receive(piece);
  });
  input.on('error', () => process.exit(0));
  input.on('end', () => {
    processes.killAll();
    process.exit(0);
  });
  startChild();
};
