/** Small numbers for things that are only equal to themselves, in order of first sight. */
(p) => {
  const objects = new p.WeakMap();
  const symbols = new p.Map();
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };
  return (value) => {
    const known = typeof value === 'symbol' ? p.mapGet(symbols, value) : p.weakGet(objects, value);
    if (known !== undefined) return known;
    const id = next();
    if (typeof value === 'symbol') p.mapSet(symbols, value, id);
    else p.weakSet(objects, value, id);
    return id;
  };
};
