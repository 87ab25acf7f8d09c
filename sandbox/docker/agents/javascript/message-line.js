/** Messages over a socket at descriptor 3, each after its length as four bytes; both ways wait in place. */
(fs, end) => {
  const { readSync, writeSync } = fs;
  const { from, allocUnsafe, concat } = Buffer;
  const line = 3;

  const read = (count) => {
    const bytes = allocUnsafe(count);
    let at = 0;
    while (at < count) {
      const got = readSync(line, bytes, at, count - at, null);
      if (got === 0) end();
      at += got;
    }
    return bytes;
  };
  return {
    write(text) {
      const body = from(text, 'utf8');
      const header = allocUnsafe(4);
      header.writeUInt32BE(body.length, 0);
      const bytes = concat([header, body]);
      let at = 0;
      while (at < bytes.length) at += writeSync(line, bytes, at, bytes.length - at);
    },
    receive: () => read(read(4).readUInt32BE(0)).toString('utf8'),
  };
};
