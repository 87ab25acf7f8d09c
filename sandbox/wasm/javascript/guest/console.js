/** A console that writes through the host in bounded pieces; its methods are ordinary, replaceable properties. */
(p, host, render, stop) => {
  const pieceChars = 8_192;
  const write = (stream, text) => {
    for (let start = 0; start < text.length; start += pieceChars) {
      if (!host.write(stream, p.stringSlice(text, start, start + pieceChars))) stop();
    }
  };
  const show = (value) => (typeof value === 'string' ? value : render(value));
  const substituted = (format, values) => {
    let text = '';
    let used = 0;
    let at = 0;
    for (;;) {
      const percent = p.stringIndexOf(format, '%', at);
      if (percent < 0 || percent === format.length - 1) break;
      const letter = p.stringSlice(format, percent + 1, percent + 2);
      text += p.stringSlice(format, at, percent);
      at = percent + 2;
      const known =
        letter === 's' ||
        letter === 'd' ||
        letter === 'i' ||
        letter === 'f' ||
        letter === 'j' ||
        letter === 'o' ||
        letter === 'O' ||
        letter === 'c';
      if (letter === '%') text += '%';
      else if (!known || used + 1 >= values.length) text += `%${letter}`;
      else {
        used += 1;
        if (letter !== 'c') text += show(values[used]);
      }
    }
    return { __proto__: null, text: text + p.stringSlice(format, at), used };
  };
  const format = (values) => {
    let text = '';
    let next = 0;
    if (values.length > 1 && typeof values[0] === 'string') {
      const first = substituted(values[0], values);
      text = first.text;
      next = first.used + 1;
    }
    for (let index = next; index < values.length; index += 1)
      text += (index === 0 ? '' : ' ') + show(values[index]);
    return `${text}\n`;
  };
  const out = (...values) => write(1, format(values));
  const error = (...values) => write(2, format(values));
  return {
    log: out,
    info: out,
    debug: out,
    dir: (value) => out(value),
    table: (value) => out(value),
    warn: error,
    error,
    trace: error,
    group: out,
    groupEnd() {},
    time() {},
    timeEnd() {},
    timeLog() {},
    count() {},
    assert(condition, ...values) {
      if (!condition)
        write(
          2,
          `Assertion failed${values.length === 0 ? '' : ': '}${values.length === 0 ? '\n' : format(values)}`,
        );
    },
  };
};
