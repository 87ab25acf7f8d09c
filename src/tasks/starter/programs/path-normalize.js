/**
 * normalizePath(path) tidies a path with "/" between its parts: "." and empty parts vanish, ".." removes the part before
 * it. At the root ".." is dropped; at the start of a relative path it stays. An empty result is "/" or ".".
 */
function normalizePath(path) {
  const isAbsolute = path.startsWith('/');
  const kept = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') {
      continue;
    }
    if (part !== '..') {
      kept.push(part);
    } else if (kept.length > 0 && kept[kept.length - 1] !== '..') {
      kept.pop();
    } else if (!isAbsolute) {
      kept.push('..');
    }
  }
  const joined = kept.join('/');
  if (isAbsolute) {
    return `/${joined}`;
  }
  return joined === '' ? '.' : joined;
}

// public
//   normalizePath('/a/./b/../c/') -> '/a/c'
//   normalizePath('x//y') -> 'x/y'
//   normalizePath('../a') -> '../a'
// hidden
//   normalizePath('') -> '.'
//   normalizePath('/') -> '/'
//   normalizePath('/../..') -> '/'
//   normalizePath('../../x') -> '../../x'
//   normalizePath('a/../..') -> '..'
//   normalizePath('a/b/../../c') -> 'c'
//   normalizePath('a/..') -> '.'
//   normalizePath('/a/b/c/../../..') -> '/'
//   normalizePath('./..a/.b') -> '..a/.b'
