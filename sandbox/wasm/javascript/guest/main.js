/** Puts the parts together, prepares the global object and returns what the host calls. Runs once, before the image. */
(parts, host) => {
  const p = parts.primordials();
  p.resolved = p.Promise.resolve();
  const identity = parts.identity(p);
  const kindOf = parts.kindOf(p);
  const encode = parts.encode(p, identity, kindOf);
  const render = parts.render(p, kindOf);
  const describeError = parts.describeError(p, render);
  const random = parts.random();
  const steps = parts.steps(p, host);
  const timers = parts.timers(p, host, steps);
  const report = parts.report(p, host, steps, describeError);
  const cases = parts.cases(p, report, encode, render, describeError);
  const asserts = parts.asserts(p, report, encode, render, describeError);
  const examiner = parts.examiner(p, host, parts, kindOf, timers, steps, report);
  const makeConsole = () => parts.console(p, host, render, () => steps.stop('output'));

  const hide = (name, value) =>
    p.defineProperty(globalThis, name, {
      __proto__: null,
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  const noModule = (name) => {
    throw new p.Error(`Cannot find module '${name}'`);
  };
  hide('console', makeConsole());
  hide('require', (name) => noModule(name));
  hide('module', { exports: {} });
  hide('exports', globalThis.module.exports);
  const names = p.ownKeys(timers.globals);
  for (let index = 0; index < names.length; index += 1) hide(names[index], timers.globals[names[index]]);
  Math.random = () => random.random();
  // Threads do not exist here, and an `Atomics.wait` would only stall the clock that ends the program.
  delete globalThis.SharedArrayBuffer;
  delete globalThis.Atomics;

  const hideCounter = parts.hideCounter(p);

  const scriptConsole = makeConsole();
  scriptConsole.assert = asserts.assert;
  const scriptRequire = (name) =>
    name === 'assert' || name === 'node:assert' || name === 'assert/strict' || name === 'node:assert/strict'
      ? asserts.assert
      : noModule(name);

  parts.lockdown(p);
  const scope = [
    asserts.api,
    scriptConsole,
    asserts.assert,
    scriptRequire,
    JSON,
    Math,
    Object,
    Array,
    Number,
    String,
    Boolean,
    Reflect,
    Symbol,
    BigInt,
    RegExp,
    // biome-ignore lint/suspicious/noGlobalIsNan: it is handed on
    isNaN,
    // biome-ignore lint/suspicious/noGlobalIsFinite: it is handed on
    isFinite,
    parseInt,
    parseFloat,
  ];

  return {
    begin(a, b, c, d, limitSteps, statements, coverage, name) {
      random.seed(a, b, c, d);
      steps.begin(limitSteps, statements);
      report.begin(coverage);
      hideCounter(name);
      return steps.step;
    },
    scope: (make) => p.apply(make, undefined, scope),
    prepareCase: cases.prepare,
    startCase: cases.start,
    caseSettled: cases.settled,
    endCase: cases.end,
    endLoad: steps.endLoad,
    steps: steps.count,
    fireTimer: timers.fire,
    remoteLoad: examiner.load,
    remoteBind: examiner.bind,
    remotePump: examiner.pump,
    remoteFire: examiner.fire,
    failure: report.failure,
    describeAssert: asserts.describe,
    runScript: asserts.run,
    scriptSettled: asserts.settled,
    neverSettled: () => report.failure('script', new p.Error('The test script never settled')),
  };
};
