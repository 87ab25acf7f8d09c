/** Programs that together hold every construct the operators look at. */
export const programs: Readonly<Record<string, string>> = {
  sumOfEven: `function sumOfEven(numbers) {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] % 2 === 0) {
      total += numbers[i];
    }
  }
  return total;
}
`,
  withoutSemicolons: `const between = (list, low, high) => {
  var kept = []
  for (const item of list) {
    if (item < low || item > high) continue
    kept.push(item)
  }
  if (kept.length == 0) return null
  return kept.sort()
}
`,
  words: `function initials(text, separator) {
  'use strict';
  const words = text.trim().split(separator);
  let index = words.length - 1, result = '';
  while (index >= 0) {
    const word = words[index];
    if (!word) { index--; continue; }
    else if (word.length > 2 && word !== 'and') result = word[0].toUpperCase() + result;
    else {
      result = '-' + result;
      if (result.length > 10) break;
    }
    index -= 1;
  }
  return result === '' ? "none" : result.replace(/-/g, '');
}
`,
  grouped: `const mean = (a, b, c) => (a + b) * c - a * b + Math.abs(-(a - b)) / 2 ** c;
const flags = (x, y) => (x & y) | (x ^ y) | ~x << 2 >>> 1;
const pick = (o, k) => (o?.[k] ?? k) || [k, , 'x', -1, 1.5];
`,
  odd: `class Stack extends Array { #size = 0; static of(x) { return new Stack(x) } get top() { return this[this.length - 1] } }
label: for (const [key, { value, ...rest }] of Object.entries({ a: 1, 'b': { value: 2 } })) {
  switch (key) { case 'a': break label; default: if (value) break; else { delete rest.x } }
}
const find = async function* (list = [], ...more) { for await (const x of list) { yield* more; if (typeof x === 'string') return; } }
try { throw new Error(\`a\${1 + 2}b\`) } catch { do { find() } while (false) }
const { a, b: [c = 3] } = { a, b: [] };
if (a) if (c) a(); else c()
else void 0
`,
  recursive: `function gcd(a, b) { if (a < b) return gcd(b, a); while (a % b > 0) [a, b] = [b, a % b]; return b }
const prime = n => { for (let d = 2; d * d <= n; ++d) if (n % d == 0) { return false } return true }
`,
};
