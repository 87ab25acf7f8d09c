/**
 * parseQuery(query) reads "a=1&b=2" into an object. A leading "?" is dropped, "+" and %XX are decoded, a name without "="
 * means true, a name that comes again collects its values in an array, and parts without a name are ignored.
 */
function decodePart(text) {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function parseQuery(query) {
  const text = query.startsWith('?') ? query.slice(1) : query;
  const result = {};
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    const name = decodePart(equals < 0 ? part : part.slice(0, equals));
    if (name === '') {
      continue;
    }
    const value = equals < 0 ? true : decodePart(part.slice(equals + 1));
    if (!Object.hasOwn(result, name)) {
      result[name] = value;
    } else if (Array.isArray(result[name])) {
      result[name].push(value);
    } else {
      result[name] = [result[name], value];
    }
  }
  return result;
}

// public
//   parseQuery('a=1&b=two') -> { a: '1', b: 'two' }
//   parseQuery('?tag=x&tag=y') -> { tag: ['x', 'y'] }
// hidden
//   parseQuery('') -> {}
//   parseQuery('?') -> {}
//   parseQuery('flag') -> { flag: true }
//   parseQuery('a=&b') -> { a: '', b: true }
//   parseQuery('q=x%20y+z') -> { q: 'x y z' }
//   parseQuery('e=a=b=c') -> { e: 'a=b=c' }
//   parseQuery('=5&&k=v') -> { k: 'v' }
//   parseQuery('t=1&t=2&t=3') -> { t: ['1', '2', '3'] }
//   parseQuery('a?=1') -> { 'a?': '1' }
//   parseQuery('x+y=%26') -> { 'x y': '&' }
