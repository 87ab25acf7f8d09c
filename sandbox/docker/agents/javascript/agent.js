/**
 * The candidate's process: loads the program and answers what the tests ask of it, one message at a time, over a socket at
 * descriptor 3. What it needs is captured before the program exists.
 */
(parts) => {
  const fs = require('node:fs');
  const vm = require('node:vm');
  const { types } = require('node:util');
  const { createRequire } = require('node:module');
  const { readSync, writeSync } = fs;
  const { exit } = process; // the program's own handlers run before a normal end, but not before a stop
  const reallyExit = process.reallyExit.bind(process);
  const { from, allocUnsafe, concat } = Buffer;
  const activeResources = process.getActiveResourcesInfo.bind(process);
  const realTimeout = setTimeout;
  const realImmediate = setImmediate;
  void exit;

  const p = parts.primordials();
  p.resolved = p.Promise.resolve();
  p.isError ??= types.isNativeError;
  const kindOf = parts.kindOf(p);
  const render = parts.render(p, kindOf);
  const random = parts.random();
  const line = 3;

  const read = (count) => {
    const bytes = allocUnsafe(count);
    let at = 0;
    while (at < count) {
      const got = readSync(line, bytes, at, count - at, null);
      if (got === 0) reallyExit(0);
      at += got;
    }
    return bytes;
  };
  const write = (text) => {
    const body = from(text, 'utf8');
    const header = allocUnsafe(4);
    header.writeUInt32BE(body.length, 0);
    const bytes = concat([header, body]);
    let at = 0;
    while (at < bytes.length) at += writeSync(line, bytes, at, bytes.length - at);
  };
  const receive = () => read(read(4).readUInt32BE(0)).toString('utf8');

  // Steps and what they reached
  let count = 0;
  let limit = Infinity;
  let reached = new Uint8Array(0);
  let news = [];
  const stop = (reason) => {
    write(peer.compose('stop', [reason]));
    reallyExit(0);
  };
  const step = (index) => {
    count += 1;
    if (count > limit) stop('steps');
    if (reached[index] === 0) {
      reached[index] = 1;
      news[news.length] = index;
    }
  };
  const plainStep = () => {
    count += 1;
    if (count > limit) stop('steps');
  };
  const takeNews = () => {
    let text = '';
    for (let index = 0; index < news.length; index += 1) {
      text += (index === 0 ? '' : ',') + news[index];
      reached[news[index]] = 0;
    }
    news = [];
    return text;
  };

  // Time
  let epochMs = 0;
  let elapsedMs = 0;
  const host = {
    advance(now) {
      elapsedMs = now;
    },
    /** False when the stream has brought more than it may. */
    write(stream, text) {
      const bytes = from(text, 'utf8');
      let at = 0;
      try {
        while (at < bytes.length) at += writeSync(stream, bytes, at, bytes.length - at);
      } catch {
        // the program has closed it
      }
      written[stream] += bytes.length;
      return written[stream] <= outputBytes;
    },
  };
  let outputBytes = Infinity;
  const written = [0, 0, 0];
  const timers = parts.timers(p, host, { tick: plainStep });
  parts.virtualClock(
    p,
    () => epochMs + elapsedMs,
    () => elapsedMs,
  );

  // What the tests ask for
  let getters = [];
  let setters = [];
  let failures = [];
  let isBusy = false;
  /** Questions of the program to the tests. */
  let exchanges = 0;
  const peer = parts.peer(p, parts, {
    __proto__: null,
    kindOf,
    firstId: 2,
    keepsFunctionsHome: true,
    exchange(text) {
      exchanges += 1;
      write(text);
      return receive();
    },
    writeShared() {
      const due = timers.findDue();
      const next = due === null ? 'null' : `[${due.atMs},${due.id}]`;
      return `[${timers.nowMs()},${timers.ordinal()},${count},${next},[${takeNews()}],${isBusy}]`;
    },
    readShared(shared) {
      timers.share(shared[0], shared[1]);
      if (shared[2] > count) count = shared[2];
    },
    stop() {},
    /** What a function of the tests threw gets the lines that it passes through here. */
    caught(error) {
      const stack = p.isError(error) ? p.getOwnPropertyDescriptor(error, 'stack') : undefined;
      if (stack === undefined || typeof stack.value !== 'string' || stack.value.includes('program.js:'))
        return error;
      error.stack = `${stack.value}\n${new p.Error().stack}`;
      return error;
    },
    perform(kind, values) {
      if (kind === 'name') return getters[values[0]]();
      if (kind === 'assign') return setters[values[0]](values[1]);
      throw new p.TypeError('It is not known what to do');
    },
  });

  // The global object as a program finds it
  const hide = (name, value) =>
    p.defineProperty(globalThis, name, {
      __proto__: null,
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  const realRequire = createRequire('/work/program.js');
  const programRequire = (name) => {
    try {
      return realRequire(name);
    } catch (error) {
      if (error?.code === 'MODULE_NOT_FOUND') error.message = error.message.split('\n')[0];
      throw error;
    }
  };
  hide(
    'console',
    parts.console(p, host, render, () => stop('output')),
  );
  hide('require', programRequire);
  hide('module', { exports: {} });
  hide('exports', globalThis.module.exports);
  for (const name of ['__filename', '__dirname']) delete globalThis[name];
  for (const name of p.ownKeys(timers.globals)) hide(name, timers.globals[name]);
  Math.random = () => random.random();
  process.on('uncaughtException', (error) => {
    failures[failures.length] = error;
  });

  const hideCounter = (counter) => {
    const pattern = new RegExp(
      `\\{\\${counter}\\(\\(\\d+\\)\\);|\\(\\${counter}\\(\\d+\\),|\\${counter}\\(\\d+\\);| /\\*\\${counter}\\*/[)}]`,
      'g',
    );
    const replace = p.uncurry(RegExp.prototype[Symbol.replace]);
    p.defineProperty(pattern, 'exec', { __proto__: null, value: RegExp.prototype.exec });
    Function.prototype.toString = {
      toString() {
        const text = p.functionToString(this);
        return p.stringIndexOf(text, counter) < 0 ? text : replace(pattern, text, '');
      },
    }.toString;
  };
  const { runInThisContext } = vm;
  const importing = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const evaluate = (source, filename) =>
    runInThisContext(source, {
      filename,
      ...(importing === undefined ? {} : { importModuleDynamically: importing }),
    });
  const load = (order) => {
    const { words, counter, names } = order;
    random.seed(words[0], words[1], words[2], words[3]);
    epochMs = order.epochMs;
    outputBytes = order.outputBytes;
    limit = order.steps < 0 ? Infinity : order.steps;
    reached = new Uint8Array(order.statements + 1);
    hideCounter(counter);
    globalThis[`${counter}0`] = order.coverage ? step : plainStep;
    evaluate(`const ${counter}=globalThis.${counter}0;delete globalThis.${counter}0`, 'harness.js');
    let where = 'prelude';
    try {
      evaluate(order.prelude, 'prelude.js');
      where = 'load';
      evaluate(order.program, 'program.js');
    } catch (error) {
      return [where, error];
    }
    getters = evaluate(`[${names.map((name) => `()=>${name}`).join()}]`, 'harness.js');
    setters = evaluate(`[${names.map((name) => `($value)=>{${name}=$value}`).join()}]`, 'harness.js');
    const answer = [null];
    for (let index = 0; index < names.length; index += 1) {
      let value;
      try {
        if (order.constants[index]) value = getters[index]();
      } catch {
        // it says so when it is asked for
      }
      answer[index + 1] = typeof value === 'function' ? value : undefined;
    }
    return answer;
  };

  // One message after the other; only where nothing of the program is under way may its promise jobs run.
  const ownResources = { Immediate: true, Timeout: true, TTYWrap: true };
  const lookForWork = () => {
    isBusy = false;
    for (const name of activeResources()) if (ownResources[name] !== true) isBusy = true;
  };
  const afterJobs = (next) => realImmediate(next);
  const waitMs = 20;
  const wait = (leftMs, next) => {
    afterJobs(() => {
      lookForWork();
      if (!isBusy || peer.hasOutcomes() || leftMs <= 0) next();
      else realTimeout(() => wait(leftMs - 1, next), 1);
    });
  };
  const answerRun = () => {
    lookForWork();
    const found = failures;
    failures = [];
    write(peer.reply('return', found, null));
    turn();
  };
  /** Timers that are due before one of the tests', until something happens that these must know of. */
  const fireTimers = (beforeMs, beforeId, leftMax) => {
    const due = timers.findDue();
    const isLast =
      due === null || leftMax === 0 || due.atMs > beforeMs || (due.atMs === beforeMs && due.id > beforeId);
    if (isLast) {
      answerRun();
      return;
    }
    const asked = exchanges;
    try {
      timers.fire();
    } catch (error) {
      failures[failures.length] = error;
    }
    afterJobs(() => {
      if (exchanges !== asked || failures.length > 0 || peer.hasOutcomes()) answerRun();
      else fireTimers(beforeMs, beforeId, leftMax - 1);
    });
  };
  const timersMax = 10_000;
  const run = (values) => {
    if (values[0] === 'wait') wait(waitMs, answerRun);
    else if (values[0] === 'timers') fireTimers(values[1], values[2], timersMax);
    else afterJobs(answerRun);
  };
  const turn = () => {
    for (;;) {
      const message = peer.open(receive());
      if (message.kind === 'run') {
        run(message.values);
        return;
      }
      if (message.kind === 'load') {
        const answer = load(JSON.parse(message.values[0]));
        afterJobs(() => {
          lookForWork();
          write(peer.reply('return', answer, null));
          turn();
        });
        return;
      }
      write(peer.serve(message));
    }
  };

  write(''); // ready
  const { user } = JSON.parse(receive());
  if (user !== null) {
    process.setgroups([]);
    process.setgid(user);
    process.setuid(user);
  }
  turn();
};
