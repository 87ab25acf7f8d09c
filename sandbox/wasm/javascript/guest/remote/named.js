/**
 * What both sides have of their own: a constructor or its prototype crosses the line as a name, so that an `Array` of the
 * candidate's is an `Array` to the test. Captured before any candidate exists.
 */
(p) => {
  const names = new p.WeakMap();
  const byName = new p.Map();
  const symbolNames = new p.Map();
  const add = (name, value) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
    if (p.weakGet(names, value) !== undefined) return;
    p.weakSet(names, value, name);
    p.mapSet(byName, name, value);
  };
  const globals = [
    'Object,Function,Array,Number,String,Boolean,Symbol,BigInt,Date,RegExp,Map,Set,WeakMap,WeakSet,WeakRef,Promise',
    'Proxy,Error,EvalError,RangeError,ReferenceError,SyntaxError,TypeError,URIError,AggregateError,ArrayBuffer',
    'DataView,Int8Array,Uint8Array,Uint8ClampedArray,Int16Array,Uint16Array,Int32Array,Uint32Array,Float32Array',
    'Float64Array,BigInt64Array,BigUint64Array,Math,JSON,Reflect',
  ]
    .join(',')
    .split(',');
  for (let index = 0; index < globals.length; index += 1) {
    const value = globalThis[globals[index]];
    add(globals[index], value);
    if (typeof value === 'function') add(`${globals[index]}.prototype`, value.prototype);
  }
  add('globalThis', globalThis);
  // What makes code of text: it has a name, so that it is no function of the tests' that a candidate may call.
  const makers = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (let index = 0; index < makers.length; index += 1)
    add(`maker${index}`, p.getPrototypeOf(makers[index]).constructor);
  // biome-ignore lint/security/noGlobalEval: it is only named
  add('eval', globalThis.eval);
  // What a test calls on a function of the candidate's works on its stand-in.
  add('call', Function.prototype.call);
  add('apply', Function.prototype.apply);
  add('bind', Function.prototype.bind);
  add('hasInstance', Function.prototype[Symbol.hasInstance]);
  const known = [
    'iterator,asyncIterator,hasInstance,isConcatSpreadable,match,matchAll,replace,search,species,split',
    'toPrimitive,toStringTag,unscopables',
  ]
    .join(',')
    .split(',');
  for (let index = 0; index < known.length; index += 1) {
    p.mapSet(symbolNames, Symbol[known[index]], `@${known[index]}`);
    p.mapSet(byName, `@${known[index]}`, Symbol[known[index]]);
  }
  return {
    __proto__: null,
    nameOf: (object) => p.weakGet(names, object),
    nameOfSymbol: (symbol) => p.mapGet(symbolNames, symbol),
    find: (name) => p.mapGet(byName, name),
  };
};
