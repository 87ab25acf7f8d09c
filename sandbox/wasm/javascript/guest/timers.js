/** Timers on a virtual clock: nothing waits, callbacks run in order of their due time when no promise job is left. */
(p, host, steps) => {
  let nowMs = 0;
  let ordinal = 0;
  let waiting = p.list();

  const add = (callback, delay, repeat, args) => {
    if (typeof callback !== 'function') throw new p.TypeError('The callback of a timer must be a function');
    const number = +delay;
    const delayMs = number >= 1 && number <= 2147483647 ? number : 1;
    ordinal += 1;
    waiting[waiting.length] = {
      __proto__: null,
      id: ordinal,
      atMs: nowMs + delayMs,
      delayMs,
      repeat,
      callback,
      args,
    };
    return ordinal;
  };
  const remove = (id) => {
    const kept = p.list();
    for (let index = 0; index < waiting.length; index += 1) {
      if (waiting[index].id !== id) kept[kept.length] = waiting[index];
    }
    waiting = kept;
  };
  const globals = {
    setTimeout: (callback, delay, ...args) => add(callback, delay, false, args),
    setInterval: (callback, delay, ...args) => add(callback, delay, true, args),
    setImmediate: (callback, ...args) => add(callback, 1, false, args),
    clearTimeout: remove,
    clearInterval: remove,
    clearImmediate: remove,
    queueMicrotask(callback) {
      if (typeof callback !== 'function')
        throw new p.TypeError('The callback of a microtask must be a function');
      p.promiseThen(p.resolved, () => callback());
    },
  };
  const findDue = () => {
    let due = null;
    for (let index = 0; index < waiting.length; index += 1) {
      const timer = waiting[index];
      if (due === null || timer.atMs < due.atMs || (timer.atMs === due.atMs && timer.id < due.id))
        due = timer;
    }
    return due;
  };
  return {
    __proto__: null,
    globals,
    findDue,
    nowMs: () => nowMs,
    ordinal: () => ordinal,
    /** Timers of another place share this clock and this count. Neither ever goes back. */
    share(otherNowMs, otherOrdinal) {
      if (otherOrdinal > ordinal) ordinal = otherOrdinal;
      if (otherNowMs <= nowMs) return;
      nowMs = otherNowMs;
      host.advance(nowMs);
    },
    /** Runs the next due timer; false when there is none. */
    fire() {
      const due = findDue();
      if (due === null) return false;
      if (due.atMs > nowMs) nowMs = due.atMs;
      host.advance(nowMs);
      steps.tick();
      if (due.repeat) due.atMs = nowMs + due.delayMs;
      else remove(due.id);
      p.apply(due.callback, undefined, due.args);
      return true;
    },
  };
};
