/** Cuts a stream of chunks into pieces that each have a header of `headerBytes`, which says how long the rest is. */
(headerBytes, bytesMax) => {
  let kept = [];
  let bytes = 0;
  let needed = headerBytes;
  let hasHeader = false;
  const take = (count) => {
    const all = kept.length === 1 ? kept[0] : Buffer.concat(kept);
    kept = all.length > count ? [all.subarray(count)] : [];
    bytes -= count;
    return all.subarray(0, count);
  };
  let header = null;
  /** Null: what came is no such piece. */
  return (chunk) => {
    kept.push(chunk);
    bytes += chunk.length;
    const pieces = [];
    while (bytes >= needed) {
      if (!hasHeader) {
        header = take(headerBytes);
        const length = header.readUInt32BE(headerBytes - 4);
        if (length > bytesMax) return null;
        hasHeader = true;
        needed = length;
      } else {
        pieces.push({ header, body: take(needed) });
        hasHeader = false;
        needed = headerBytes;
      }
    }
    return pieces;
  };
};
