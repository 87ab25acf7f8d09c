import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { pythonRequest, type RequestParts } from './python-request.ts';
import { BOOT_TIMEOUT_MS, useSandbox } from './python-sandbox.ts';

describe('every execution starts from the same state', () => {
  const { run, evaluate } = useSandbox(1);
  /** What a program can see of what another one left. */
  const PROBE = `import builtins, gc, os, random, signal, string, sys, time, warnings, decimal, math, re, io
def tree(top):
    found = []
    for at, directories, files in os.walk(top):
        for name in sorted(directories) + sorted(files):
            path = os.path.join(at, name)
            s = os.lstat(path)
            found.append((path, s.st_size, s.st_ino, s.st_mode, s.st_mtime))
    return found
def state():
    free = os.open("/dev/null", os.O_RDONLY)
    return [
        sorted(sys.modules), sorted(vars(builtins)), sorted(globals()), len(gc.get_objects()), gc.get_threshold(),
        gc.isenabled(), os.getcwd(), sorted(os.environ.items()), sys.path, sys.getrecursionlimit(), sys.argv,
        sys.getswitchinterval(), sys.gettrace(), random.random(), time.time(), free, id(object()), id([]),
        decimal.getcontext().prec, warnings.filters[:1], signal.getsignal(signal.SIGINT) is signal.default_int_handler,
        str.upper("a"), len("abc"), math.pi, hash("abc"), sys.intern("zz") is "zz", sys.stdout.name, str(sys.stdin),
        sys.getallocatedblocks(), tree("/home"), tree("/tmp"), tree("/dev"), tree("/lib"), os.umask(0),
    ]
`;
  const probe = () =>
    evaluate(PROBE, '__import__("hashlib").sha256(repr(state()).encode()).hexdigest(), repr(state())[:1500]');

  test.each([
    [
      'names and modules',
      'import builtins, sys, json, math\nbuiltins.len = lambda x: 42\nmath.pi = 3\nsys.modules["evil"] = 1\njson.dumps = None\nstring = 1\n',
    ],
    ['types', 'import gc\ngc.get_referents(str.__dict__)[0]["upper"] = lambda s: "evil"\n'],
    [
      'files',
      'import os\nopen("/tmp/a", "w").write("x")\nos.mkdir("/home/user/d")\nos.chdir("/tmp")\nos.symlink("/tmp/a", "/lib/b")\nos.rename("/home", "/tmp/h")\nos.rmdir("/dev/shm/tmp")\n',
    ],
    ['the standard library itself', 'import os\nos.unlink("/lib/python314.zip")\nimport wave\n'],
    ['file modes and times', 'import os\nos.chmod("/tmp", 0o700)\nos.utime("/tmp", (1, 1))\nos.truncate\n'],
    [
      'open descriptors',
      'import os\nos.dup2(os.open("/dev/null", 1), 1)\nos.close(0)\nkeep = [open("/dev/null") for _ in range(50)]\n',
    ],
    [
      'the environment and process state',
      'import os, sys, signal, gc, random, decimal, warnings\nos.environ["X"] = "1"\nos.umask(0)\nsys.setrecursionlimit(50)\nsys.path.clear()\nsignal.signal(2, lambda *a: None)\ngc.disable()\nrandom.seed(1)\ndecimal.getcontext().prec = 3\nwarnings.simplefilter("ignore")\n',
    ],
    ['a lot of memory', 'data = [bytearray(10 ** 6) for _ in range(100)]\n'],
    [
      'an exception and half-done work',
      'import sys\ndef g():\n    yield 1\n    raise ValueError\nh = g(); next(h)\nraise KeyError(1)\n',
    ],
    [
      'a stop in the middle of everything',
      'import os, sys\nclass A:\n    def __del__(self): os._exit(3)\nsorted([3, 2, 1], key=lambda x: (x, A())[0])\n',
    ],
    ['a crashed stack', 'def d(n):\n    t = ()\n    for _ in range(n): t = (t,)\n    del t\nd(10 ** 6)\n'],
    [
      'traces and hooks',
      'import sys, atexit, threading\nsys.settrace(lambda *a: None)\nsys.excepthook = None\natexit.register(print, "late")\nsys.addaudithook(lambda *a: None)\nthreading.settrace(lambda *a: None)\n',
    ],
  ])('whatever the last one did with %s', async (_name, program) => {
    const before = await probe();
    await run({ program, limits: { steps: null } });
    expect(await probe()).toBe(before);
  });
});

describe('equal requests give equal bytes', () => {
  const { sandbox } = useSandbox(2);
  const programs: RequestParts[] = [
    { program: 'def f():\n    return [{"b", "a", "c"}, object(), lambda: 0]\n' },
    {
      program:
        'import random, os, uuid, secrets\ndef f():\n    return random.random(), os.urandom(8), uuid.uuid4(), secrets.token_hex(), random.SystemRandom().random()\n',
    },
    {
      program:
        'import time, datetime\ndef f():\n    a = time.time(); time.sleep(3600); return a, time.time(), time.monotonic(), time.perf_counter_ns(), datetime.datetime.now(), time.localtime(), time.process_time()\n',
    },
    {
      program:
        'import os, tempfile\ndef f():\n    with tempfile.NamedTemporaryFile() as h: return h.name, os.stat(h.name)\n',
    },
    { program: 'def f():\n    raise ValueError(object())\n' },
    {
      program:
        'def f():\n    print(hash("x"), hash(object), id(f)); return sorted(map(str, {object(), object()}))\n',
    },
    { program: 'def f():\n    return [bytearray(10 ** 6) for _ in range(200)]\n' },
    { program: 'def f():\n    while True: pass\n', limits: { steps: 12_345 } },
    { program: 'def f():\n    while True: print("x")\n' },
    { program: 'def f(): return f()\n' },
    {
      program:
        'import asyncio\nasync def g():\n    await asyncio.sleep(5)\n    return asyncio.get_running_loop().time()\ndef f():\n    return asyncio.run(g())\n',
    },
    { program: 'def f():\n    return 1\n', coverage: true },
  ];
  const requests = programs.map((parts) =>
    pythonRequest({
      tests: { kind: 'asserts', source: 'assert f() == 1\nassert f() != 2\n', invoke: null },
      ...parts,
    }),
  );

  test('on another worker, in another order, and after other programs', {
    timeout: BOOT_TIMEOUT_MS,
  }, async () => {
    const once = await Promise.all(requests.map((request) => sandbox().execute(request)));
    const backwards = await Promise.all(requests.toReversed().map((request) => sandbox().execute(request)));
    const again = await Promise.all([...requests, ...requests].map((request) => sandbox().execute(request)));
    const texts = once.map(({ result }) => canonicalJson(result));
    expect(backwards.toReversed().map(({ result }) => canonicalJson(result))).toEqual(texts);
    expect(again.map(({ result }) => canonicalJson(result))).toEqual([...texts, ...texts]);
  });

  test('and another seed gives another time and other randomness', async () => {
    const [random] = requests.slice(1, 2);
    if (random === undefined) throw new TypeError('no request');
    const first = await sandbox().execute(random);
    const second = await sandbox().execute({ ...random, seed: 'another' });
    expect(first.result.tests[0]?.actual).not.toBe(second.result.tests[0]?.actual);
  });

  test('and the fingerprint says which interpreter and library it was', async () => {
    const fingerprint = await sandbox().fingerprint('python');
    expect(fingerprint).toEqual({
      driver: 'wasm',
      language: 'python',
      package: 'pyodide',
      version: '314.0.7',
      moduleDigest: '1ce117cebeb1430aad3dcfdb258c8c8dc5665967cebf50d26339687e1d71f4d0',
      container: null,
    });
  });
});
