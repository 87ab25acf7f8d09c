import type { TestSpec } from '../../../../src/events/test-spec.ts';
import { assertsOf, casesOf } from '../../execution-request.ts';

export interface SameProgram {
  readonly what: string;
  readonly prelude?: string;
  readonly program: string;
  readonly tests: TestSpec;
  /** What a value is as a primitive is asked once over there, and at every use here: steps are not the same. */
  readonly isAskedOnce?: boolean;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are programs
/** Programs and tests whose result must be the same bytes wherever the program runs. */
export const samePrograms: readonly SameProgram[] = [
  {
    what: 'callbacks of the test, also nested and throwing',
    program:
      'const map = (list, f) => { const out = []; for (const x of list) out.push(f(x)); return out; };\nconst twice = (f) => (x) => f(f(x));\nconst safe = (f) => { try { return f(); } catch (error) { return error.message; } };',
    tests: casesOf(
      ['map([1, 2], (x) => x + 1)', '[2, 3]'],
      ['map([1, 2], (x) => map([x], (y) => y * 10))', '[[10], [20]]'],
      ['twice((x) => x + 1)(5)', '7'],
      ['safe(() => { throw new RangeError("mine"); })', '"mine"'],
      ['map([1], () => { throw new RangeError("out"); })', '0'],
    ),
  },
  {
    what: 'arguments that are changed in place and come back',
    program:
      'const fill = (list) => { list.push(1); return list; };\nconst sortIt = (list) => { list.reverse(); };\nconst deep = (o) => { o.a.b = [1]; delete o.c; };\nconst grow = (map, set) => { map.set("k", 1); set.add(2); };\nconst bytes = (array) => { array[0] = 7; };',
    tests: assertsOf(
      [
        'const list = []; console.assert(fill(list) === list); assert.deepEqual(list, [1]);',
        'const numbers = [3, 2, 1]; sortIt(numbers); assert.deepEqual(numbers, [1, 2, 3]);',
        'const o = { a: {}, c: 1 }; const { a } = o; deep(o); assert.deepEqual(o, { a: { b: [1] } }); console.assert(o.a === a);',
        'const m = new Map(), s = new Set(); grow(m, s); assert.deepEqual([...m, ...s], [["k", 1], 2]);',
        'const array = new Uint8Array(2); bytes(array); assert.deepEqual(array, new Uint8Array([7, 0]));',
      ].join('\n'),
    ),
  },
  {
    what: 'classes, inheritance, getters, statics and private fields',
    program:
      'class Animal { #secret = 1; static count = 0; constructor(name) { this.name = name; Animal.count += 1; } get upper() { return this.name.toUpperCase(); } secret() { return this.#secret; } speak() { return `${this.name} speaks`; } }\nclass Dog extends Animal { speak() { return `${super.speak()}: wuff`; } }\nfunction Old(x) { this.x = x; }\nOld.prototype.get = function () { return this.x; };\nconst make = () => new Dog("Rex");',
    tests: casesOf(
      ['new Dog("a").speak()', '"a speaks: wuff"'],
      ['new Dog("a").upper + new Dog("b").secret()', '"A1"'],
      ['new Dog("a") instanceof Animal', 'true'],
      ['make() instanceof Dog && !(make() instanceof Old)', 'true'],
      ['Animal.count', '5'],
      ['new Old(3).get()', '3'],
      ['[new Old(1), new Old([2])]', '[new Old(1), new Old([2])]'],
      ['new Old(1)', 'new Old(2)'],
      ['Object.keys(new Dog("a"))', '["name"]'],
      ['Object.getPrototypeOf(make()) === Dog.prototype', 'true'],
      ['make().constructor.name', '"Dog"'],
      ['JSON.stringify(make())', `'{"name":"Rex"}'`],
      ['(() => { const d = make(); d.name = "x"; d.extra = [1]; return d; })()', '0'],
      [
        '(() => { class Mine extends Animal { m() { return this.upper; } } return new Mine("z").m(); })()',
        '"Z"',
      ],
      ['"name" in make() && delete make().name', 'true'],
      ['make()', '({ name: "Rex" })'],
      ['({ ...make() })', '({ name: "Rex" })'],
    ),
  },
  {
    what: 'subclasses of built-ins and errors of their own',
    program:
      'class Stack extends Array { peek() { return this[this.length - 1]; } }\nclass Bag extends Map { add(k) { this.set(k, (this.get(k) ?? 0) + 1); return this; } }\nclass Oops extends RangeError { constructor(code) { super(`oops ${code}`); this.code = code; this.name = "Oops"; } }\nconst fail = (code) => { throw new Oops(code); };\nconst failPlain = () => { throw { reason: "plain" }; };',
    tests: assertsOf(
      [
        'const s = new Stack(); s.push(1, 2); console.assert(s.peek() === 2); console.assert(s.length === 2); console.assert(Array.isArray(s));',
        'const b = new Bag().add("x").add("x"); console.assert(b.get("x") === 2); console.assert(b.size === 1);',
        'try { fail(4); console.assert(false); } catch (error) { console.assert(error instanceof Oops); console.assert(error instanceof RangeError); console.assert(error.code === 4); console.assert(error.message === "oops 4"); console.assert(error.name === "Oops"); }',
        'assert.throws(() => fail(1));',
        'try { failPlain(); } catch (error) { assert.deepEqual(error, { reason: "plain" }); }',
      ].join('\n'),
    ),
  },
  {
    what: 'objects made of closures, and state that the program keeps',
    program:
      'const makeCounter = () => { let count = 0; return { inc() { count += 1; return this; }, get count() { return count; }, history: [] }; };\nlet total = 0;\nconst items = [];\nfunction add(x) { total += x; items.push(x); return items; }\nvar late;\nfunction setLate() { late = { x: 1 }; implicit = 5; }',
    tests: assertsOf(
      [
        'const c = makeCounter(); c.inc().inc(); console.assert(c.count === 2); c.history.push(1); console.assert(c.history.length === 1);',
        'add(1); add(2); console.assert(total === 3); assert.deepEqual(items, [1, 2]); console.assert(add(3) === items);',
        'console.assert(late === undefined); setLate(); assert.deepEqual(late, { x: 1 }); console.assert(implicit === 5);',
        'total = 10; add(1); console.assert(total === 11);',
        'try { items = 1; } catch (error) { console.assert(error instanceof TypeError); }',
        'console.assert(typeof add === "function" && typeof missing === "undefined");',
      ].join('\n'),
    ),
  },
  {
    what: 'values that say what they are as primitives, and keys that are asked for',
    isAskedOnce: true,
    program:
      'class Money { constructor(n) { this.n = n; } valueOf() { return this.n; } toString() { return `$${this.n}`; } add(x) { this.n += x; return this; } }\nclass Degree { constructor(n) { this.n = n; } [Symbol.toPrimitive](hint) { return hint === "number" ? this.n : `${this.n}°`; } }\nclass Pair extends Array { toString() { return `<${this.join("|")}>`; } get first() { return this[0]; } }\nclass Oops extends Error { toString() { return `oops: ${this.message}`; } }\nconst odd = () => ({ valueOf: () => ({}), toString: () => 7n });\nconst pair = () => Pair.from([1, 2]);\nconst oops = () => new Oops("x");\nlet total = 0;\nconst count = () => { total += 1; return total; };',
    tests: assertsOf(
      [
        'const m = new Money(3); console.assert(m > 2 && m < 4 && m + 1 === 4 && m == 3); console.assert(`${m}` === "$3" && String(m) === "$3");',
        'm.add(2); console.assert(m > 4); m.n = 9; console.assert(m >= 9 && Number(m) === 9 && `${m}` === "$9" && new Money(1) < m);',
        'const d = new Degree(20); console.assert(d > 19 && d + "" === "20°" && `${d}` === "20°" && d * 2 === 40);',
        'const p = pair(); console.assert(`${p}` === "<1|2>"); p.push(3); console.assert(`${p}` === "<1|2|3>"); p[0] = 5; console.assert(p.first === 5); p[0] = 6; console.assert(p.first === 6);',
        'console.assert(`${oops()}` === "oops: x" && String(oops()) === "oops: x");',
        'console.assert(`${odd()}` === "7"); try { odd() * 1; console.assert(false); } catch (error) { console.assert(error instanceof TypeError); }',
        'console.assert("n" in m && "add" in m && !("x" in m) && "toString" in d && !("first" in m)); m.x = 1; console.assert("x" in m && delete m.x && !("x" in m));',
        'console.assert(m instanceof Money && !(m instanceof Degree) && p instanceof Pair && p instanceof Array && oops() instanceof Oops);',
        'console.assert(total === 0); count(); count(); console.assert(total === 2); total = 7; console.assert(total === 7 && count() === 8 && total === 8);',
      ].join('\n'),
    ),
  },
  {
    what: 'promises, rejections and callbacks that are asynchronous',
    program:
      'const later = async (x) => x;\nconst no = async () => { throw new RangeError("no"); };\nconst mapLater = async (list, f) => { const out = []; for (const x of list) out.push(await f(x)); return out; };\nconst all = (list) => Promise.all(list);\nconst sleep = (ms) => new Promise((done) => setTimeout(done, ms));\nconst race = async () => { const log = []; setTimeout(() => log.push("t"), 5); await sleep(10); return log; };',
    tests: casesOf(
      ['later(1)', '1'],
      ['no()', '1'],
      ['mapLater([1, 2], async (x) => x * 2)', '[2, 4]'],
      ['mapLater([1, 2], (x) => new Promise((done) => setTimeout(() => done(x), 3)))', '[1, 2]'],
      ['all([later(1), Promise.resolve(2), 3])', '[1, 2, 3]'],
      ['race()', '["t"]'],
      ['(async () => { const start = Date.now(); await sleep(1500); return Date.now() - start; })()', '1500'],
      ['new Promise(() => {})', '1'],
      ['later(later)', 'later'],
      ['later(1) instanceof Promise', 'true'],
    ),
  },
  {
    what: 'microtasks that run when the test lets them, not before',
    program:
      'class Queue { constructor() { this.pending = 0; this.done = []; } add(task) { this.pending += 1; return Promise.resolve().then(task).then((x) => { this.pending -= 1; this.done.push(x); return x; }); } }',
    tests: assertsOf(
      [
        'const q = new Queue(); const p = q.add(() => 1); q.add(async () => 2);',
        'console.assert(q.pending === 2); await new Promise((done) => setTimeout(done, 1)); console.assert((await p) === 1);',
        'console.assert(q.pending === 0); assert.deepEqual(q.done, [1, 2]);',
      ].join('\n'),
    ),
  },
  {
    what: 'generators and iterators',
    program:
      'function* count(n) { for (let i = 0; i < n; i += 1) yield i; }\nasync function* slow() { yield 1; yield 2; }\nconst iterable = { *[Symbol.iterator]() { yield "a"; } };\nconst entries = (map) => map.entries();\nconst sum = (it) => { let s = 0; for (const x of it) s += x; return s; };',
    tests: casesOf(
      ['[...count(3)]', '[0, 1, 2]'],
      [
        '(() => { const g = count(2); return [g.next(), g.next(), g.next()]; })()',
        '[{ value: 0, done: false }, { value: 1, done: false }, { value: undefined, done: true }]',
      ],
      [
        '(async () => { const out = []; for await (const x of slow()) out.push(x); return out; })()',
        '[1, 2]',
      ],
      ['[...iterable]', '["a"]'],
      ['[...entries(new Map([[1, 2]]))]', '[[1, 2]]'],
      ['sum((function* () { yield 1; yield 2; })())', '3'],
      ['sum(new Set([1, 2]))', '3'],
    ),
  },
  {
    what: 'a prelude with helpers and a class that both sides know',
    prelude:
      'class ListNode { constructor(val, next = null) { this.val = val; this.next = next; } }\nconst toList = (a) => { let head = null; for (const v of [...a].reverse()) head = new ListNode(v, head); return head; };\nfunction toArray(list) { const out = []; for (let n = list; n !== null; n = n.next) out.push(n.val); return out; }',
    program:
      'const reverse = (head) => { let last = null; while (head !== null) { const next = head.next; head.next = last; last = head; head = next; } return last; };\nconst isNode = (x) => x instanceof ListNode;',
    tests: casesOf(
      ['toArray(reverse(toList([1, 2, 3])))', '[3, 2, 1]'],
      ['reverse(toList([1, 2]))', 'toList([2, 1])'],
      ['isNode(new ListNode(1))', 'true'],
      ['new ListNode(1) instanceof ListNode', 'true'],
    ),
  },
  {
    what: 'values at their edges',
    program:
      'const id = (x) => x; const list = () => [undefined, null, -0, NaN, Infinity, 2n ** 70n, "\\ud800", "\\u0000"];\nconst same = (a, b) => a === b;\nconst own = Symbol("own"); const getOwn = () => own; const keyed = () => ({ [own]: 1, [Symbol.for("r")]: 2 });\nconst shared = () => { const a = [1]; return [a, a]; };',
    tests: casesOf(
      ['list()', '[undefined, null, -0, NaN, Infinity, 2n ** 70n, "\\ud800", "\\u0000"]'],
      ['Object.is(id(-0), -0)', 'true'],
      ['(() => { const o = {}; return same(o, o) && id(o) === o; })()', 'true'],
      ['same({}, {})', 'false'],
      ['getOwn() === own', 'true'],
      ['keyed()[own] + keyed()[Symbol.for("r")]', '3'],
      ['(() => { const [a, b] = shared(); return a === b; })()', 'true'],
      ['id(Array)', 'Array'],
      ['id([, 1, , 2])', '[, 1, , 2]'],
      ['id({ __proto__: null, a: 1 })', '({ a: 1 })'],
      ['id(JSON.parse(`{"__proto__": 1}`))', '0'],
      ['id(new Date(NaN))', 'new Date(NaN)'],
      ['id(Object(1n) instanceof BigInt)', 'true'],
      ['id(new DataView(new ArrayBuffer(2))).getInt8(0)', '0'],
      ['id("x".repeat(100000)).length', '100000'],
      ['id(Array.from({ length: 20000 }, (_, i) => i)).length', '20000'],
    ),
  },
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are programs
