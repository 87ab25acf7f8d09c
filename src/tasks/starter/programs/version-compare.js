/**
 * compareVersions(left, right) orders versions like "1.10.2" or "2.0.0-beta.1": -1, 0 or 1. Numbers compare as numbers, and
 * missing ones count as 0. A version with a suffix after "-" comes before the same one without; suffixes compare part by
 * part at the points, numbers as numbers and before words, words alphabetically, the shorter first.
 */
function compareParts(left, right) {
  const numeric = /^\d+$/;
  if (numeric.test(left) && numeric.test(right)) {
    return Math.sign(Number(left) - Number(right));
  }
  if (numeric.test(left) !== numeric.test(right)) {
    return numeric.test(left) ? -1 : 1;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareVersions(left, right) {
  const [leftCore, leftSuffix] = left.split('-');
  const [rightCore, rightSuffix] = right.split('-');
  const a = leftCore.split('.');
  const b = rightCore.split('.');
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareParts(a[i] ?? '0', b[i] ?? '0');
    if (order !== 0) return order;
  }
  if (leftSuffix === undefined || rightSuffix === undefined) {
    return Number(leftSuffix === undefined) - Number(rightSuffix === undefined);
  }
  const c = leftSuffix.split('.');
  const d = rightSuffix.split('.');
  for (let i = 0; i < Math.min(c.length, d.length); i++) {
    const order = compareParts(c[i], d[i]);
    if (order !== 0) return order;
  }
  return Math.sign(c.length - d.length);
}

// public
//   compareVersions('1.2.0', '1.10.0') -> -1
//   compareVersions('2.0', '2.0.0') -> 0
//   compareVersions('1.0.0', '1.0.0-beta') -> 1
// hidden
//   compareVersions('3.0.1', '3.0.0') -> 1
//   compareVersions('1', '1.0.1') -> -1
//   compareVersions('1.0.0-beta', '1.0.0-beta') -> 0
//   compareVersions('1.0.0-beta', '1.0.0') -> -1
//   compareVersions('1.0.0-beta.2', '1.0.0-beta.10') -> -1
//   compareVersions('1.0.0-beta', '1.0.0-alpha') -> 1
//   compareVersions('1.0.0-2', '1.0.0-alpha') -> -1
//   compareVersions('1.0.0-rc', '1.0.0-3') -> 1
//   compareVersions('1.0.0-rc.1', '1.0.0-rc') -> 1
//   compareVersions('10.0', '9.9.9') -> 1
