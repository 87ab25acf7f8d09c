/**
 * The end of the line where the tests are. The candidate's top-level names become properties of the global object here,
 * each asked for when a test uses it; functions that never change are asked for once.
 */
(p, host, parts, kindOf, timers, steps, report) => {
  const { parse } = JSON;
  let due = null;
  let isBusy = false;
  let isDirty = false;
  let functions = p.list();

  const stop = (reason) => {
    host.stop(reason === 'output' ? 'output' : 'steps');
    for (;;); // the interpreter is interrupted here
  };
  const isCount = (value) => typeof value === 'number' && value >= 0 && value <= 9007199254740991;
  const peer = parts.peer(p, parts, {
    __proto__: null,
    kindOf,
    firstId: 1,
    keepsFunctionsHome: false,
    /** The candidate may use what a test has passed to it, and nothing else that is here. */
    isGuarded: true,
    exchange(text) {
      isDirty = true;
      const answer = host.ask(text);
      if (answer === undefined) for (;;);
      return answer;
    },
    writeShared: () => `[${timers.nowMs()},${timers.ordinal()},${steps.count()}]`,
    readShared(shared) {
      if (!isCount(shared[0]) || !isCount(shared[1]) || !isCount(shared[2]))
        throw new p.TypeError('The candidate answered with something that is no count');
      timers.share(shared[0], shared[1]);
      steps.share(shared[2], shared[4]);
      due = shared[3];
      isBusy = shared[5] === true;
    },
    stop,
    caught: (error) => error,
    perform() {
      throw new p.TypeError('The candidate asked for something that is not known');
    },
  });

  /** `Array.prototype.last`: only what is not there can be added, as for a program that runs here. */
  const addMethod = (path, method) => {
    const dot = p.stringIndexOf(path, '.');
    const holder = globalThis[p.stringSlice(path, 0, dot)].prototype;
    const key = p.stringSlice(path, dot + '.prototype.'.length);
    if (!(key in holder))
      p.defineProperty(holder, key, {
        __proto__: null,
        value: method,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  };

  /** What became of timers and loose promises over there. */
  const run = (...how) => {
    const errors = peer.link.requestAll('run', how);
    isDirty = false;
    for (let index = 0; index < errors.length; index += 1) report.failure('script', errors[index]);
  };
  return {
    __proto__: null,
    /** False when the candidate did not load; that has been reported. */
    load(order) {
      const answer = peer.link.requestAll('load', [order]);
      isDirty = false;
      if (answer[0] === null) {
        functions = answer;
        return true;
      }
      report.failure(answer[0], answer[1]);
      return false;
    },
    /** `[[index, name, isConstant], …]` as JSON text. */
    bind(json) {
      const names = parse(json);
      for (let at = 0; at < names.length; at += 1) {
        const index = names[at][0];
        const known = functions[index + 1];
        const isFixed = names[at][2] && typeof known === 'function';
        if (p.stringIndexOf(names[at][1], '.prototype.') > 0) {
          if (isFixed) addMethod(names[at][1], known);
          continue;
        }
        try {
          p.defineProperty(globalThis, names[at][1], {
            __proto__: null,
            get: () => (isFixed ? known : peer.link.read('name', [index])),
            set: (value) => peer.link.request('assign', [index, value]),
            enumerable: false,
            configurable: true,
          });
        } catch {
          // a name that cannot be anyone's, like `undefined`
        }
      }
    },
    /** Lets promise jobs over there run; false when there is no reason to. */
    pump() {
      if (!isDirty && !peer.hasOutcomes()) return false;
      run('jobs');
      return true;
    },
    /** Lets the next thing happen, here or there; false when nothing is left to happen. */
    fire() {
      if (isBusy) {
        run('wait');
        // What it was busy with may have settled a promise here, whose jobs come first.
        if (!isBusy) return true;
        if (isBusy && !peer.hasOutcomes() && due === null && timers.findDue() === null) return true;
        if (isDirty) return true;
      }
      const here = timers.findDue();
      if (
        due !== null &&
        (here === null || due[0] < here.atMs || (due[0] === here.atMs && due[1] < here.id))
      ) {
        // As many as are due before anything here.
        if (here === null) run('timers', Infinity, 0);
        else run('timers', here.atMs, here.id);
        return true;
      }
      return timers.fire();
    },
  };
};
