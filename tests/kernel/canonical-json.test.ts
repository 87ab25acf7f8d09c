import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, canonicalJson } from '../../src/kernel/canonical-json.ts';

describe('canonical JSON', () => {
  test('writes the sample of RFC 8785 section 3.2.2 as section 3.2.3 prints it', () => {
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test('sorts the members of RFC 8785 section 3.2.3 by UTF-16 code units', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(sample)))).toHaveLength(7);
    expect(canonicalJson(sample)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  test('writes the numbers of RFC 8785 appendix B', () => {
    const numbers: readonly (readonly [string, string])[] = [
      ['0000000000000000', '0'],
      ['8000000000000000', '0'],
      ['0000000000000001', '5e-324'],
      ['8000000000000001', '-5e-324'],
      ['7fefffffffffffff', '1.7976931348623157e+308'],
      ['ffefffffffffffff', '-1.7976931348623157e+308'],
      ['4340000000000000', '9007199254740992'],
      ['c340000000000000', '-9007199254740992'],
      ['4430000000000000', '295147905179352830000'],
      ['44b52d02c7e14af5', '9.999999999999997e+22'],
      ['44b52d02c7e14af6', '1e+23'],
      ['44b52d02c7e14af7', '1.0000000000000001e+23'],
      ['444b1ae4d6e2ef4e', '999999999999999700000'],
      ['444b1ae4d6e2ef4f', '999999999999999900000'],
      ['444b1ae4d6e2ef50', '1e+21'],
      ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
      ['3eb0c6f7a0b5ed8d', '0.000001'],
      ['41b3de4355555553', '333333333.3333332'],
      ['41b3de4355555554', '333333333.33333325'],
      ['41b3de4355555555', '333333333.3333333'],
      ['41b3de4355555556', '333333333.3333334'],
      ['41b3de4355555557', '333333333.33333343'],
      ['becbf647612f3696', '-0.0000033333333333333333'],
      ['43143ff3c1cb0959', '1424953923781206.2'],
    ];
    for (const [bits, text] of numbers) {
      expect([bits, canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())]).toEqual([bits, text]);
    }
  });

  test('keeps keys that look like integers, or like the prototype, in their places', () => {
    const value = JSON.parse('{"b":1,"10":2,"9":3,"__proto__":4,"a":5,"constructor":6}');
    expect(canonicalJson(value)).toBe('{"10":2,"9":3,"__proto__":4,"a":5,"b":1,"constructor":6}');
  });

  test('agrees with another implementation on any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 1000 },
    );
  });

  test('agrees with it on objects of many and of few keys of every kind', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.nat(200).map(String),
      fc.string({ maxLength: 3 }),
    );
    const wide = fc.dictionary(key, fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), key), {
      maxKeys: 40,
    });
    fc.assert(
      fc.property(wide, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  test('survives its own reading: what is read back is written the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(Buffer.from(canonicalBytes(value)).toString('utf8')).toBe(text);
      }),
    );
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['NaN', { a: Number.NaN }, 'a'],
    ['infinity', [Number.POSITIVE_INFINITY], '$'],
    ['undefined', { gone: undefined }, 'gone'],
    ['a hole in an array', { list: new Array(2) }, 'list'],
    ['a function', { f: () => 1 }, 'f'],
    ['a symbol', { s: Symbol('s') }, 's'],
    ['a BigInt', { big: 1n }, 'big'],
    ['a Date', { at: new Date(0) }, 'at'],
    ['a Map', { map: new Map() }, 'map'],
    ['bytes', { bytes: new Uint8Array(1) }, 'bytes'],
    ['a lone surrogate', { text: '\ud800' }, 'text'],
    ['a lone surrogate in a key', { inner: { '\udc00': 1 } }, 'inner'],
    ['a cycle', cyclic, '$'],
  ];
  for (const [name, value, at] of refused) {
    test(`refuses ${name} and says where`, () => {
      expect(() => canonicalJson(value)).toThrow(
        expect.objectContaining({ code: 'NOT_CANONICALIZABLE', context: expect.objectContaining({ at }) }),
      );
    });
  }
});
