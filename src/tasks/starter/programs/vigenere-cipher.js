/**
 * encrypt(text, key) shifts each letter by the matching letter of the key (a = 0 … z = 25), keeping its case; the key
 * repeats and moves on only at letters. Other characters stay. decrypt(text, key) undoes it. The key is lower-case letters.
 */
function shiftLetter(sign, distance) {
  const code = sign.charCodeAt(0);
  const base = code >= 97 ? 97 : 65;
  return String.fromCharCode(((code - base + distance + 26) % 26) + base);
}

function translate(text, key, direction) {
  let used = 0;
  let result = '';
  for (const sign of text) {
    if (/[a-z]/i.test(sign)) {
      const distance = key.charCodeAt(used % key.length) - 97;
      result += shiftLetter(sign, direction * distance);
      used++;
    } else {
      result += sign;
    }
  }
  return result;
}

function encrypt(text, key) {
  return translate(text, key, 1);
}

function decrypt(text, key) {
  return translate(text, key, -1);
}

// public
//   encrypt('attack', 'lemon') -> 'lxfopv'
//   decrypt('lxfopv', 'lemon') -> 'attack'
//   encrypt('abc', 'b') -> 'bcd'
// hidden
//   encrypt('', 'k') -> ''
//   encrypt('xyz', 'c') -> 'zab'
//   encrypt('Hello, World!', 'a') -> 'Hello, World!'
//   encrypt('A-B-C', 'bc') -> 'B-D-D'
//   decrypt('Zab', 'c') -> 'Xyz'
//   decrypt('1 2 a', 'b') -> '1 2 z'
//   encrypt('Zz', 'zb') -> 'Ya'
//   decrypt(encrypt('Meet me at 9, Zoe.', 'orchid'), 'orchid') -> 'Meet me at 9, Zoe.'
