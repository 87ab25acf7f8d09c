/**
 * The candidate's process: loads the program and answers what the tests ask of it, one message at a time, over a socket at
 * descriptor 3. What it needs is captured before the program exists.
 */
(parts) => {
  const fs = require('node:fs');
  const vm = require('node:vm');
  const { types } = require('node:util');
  const { createRequire } = require('node:module');
  const { writeSync } = fs;
  // Without the program's own handlers.
  const reallyExit = process.reallyExit.bind(process);
  const { from } = Buffer;
  const activeResources = process.getActiveResourcesInfo.bind(process);
  const realTimeout = setTimeout;
  const afterJobs = setImmediate;

  const p = parts.primordials();
  p.resolved = p.Promise.resolve();
  p.isError ??= types.isNativeError;
  const kindOf = parts.kindOf(p);
  const render = parts.render(p, kindOf);
  const random = parts.random();
  const { write, receive } = parts.messageLine(fs, () => reallyExit(0));

  const stop = (reason) => {
    write(peer.compose('stop', [reason]));
    reallyExit(0);
  };
  const steps = parts.countSteps(() => stop('steps'));

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
  const timers = parts.timers(p, host, { tick: steps.step });
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
      return `[${timers.nowMs()},${timers.ordinal()},${steps.count()},${next},[${steps.takeNews()}],${isBusy}]`;
    },
    readShared(shared) {
      timers.share(shared[0], shared[1]);
      steps.share(shared[2]);
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

  const hideCounter = parts.hideCounter(p);
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
    steps.begin(order.steps, order.statements);
    hideCounter(counter);
    globalThis[`${counter}0`] = order.coverage ? steps.stepNoted : steps.step;
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
  const ownResources = { Immediate: true, Timeout: true };
  const lookForWork = () => {
    isBusy = false;
    for (const name of activeResources()) if (ownResources[name] !== true) isBusy = true;
  };
  const waitMs = 20;
  const wait = (leftMs, next) => {
    afterJobs(() => {
      lookForWork();
      // A request that is done is active no longer, but its promise settles a turn later.
      if (!isBusy || peer.hasOutcomes() || leftMs <= 0) afterJobs(next);
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
