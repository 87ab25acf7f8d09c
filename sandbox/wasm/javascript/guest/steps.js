/**
 * The counter that instrumentation calls before every statement, and the coverage it leaves. Past the limit the program
 * never gets control again: the loop below ends by the interpreter's interrupt, which nothing can catch.
 */
(p, host) => {
  let count = 0;
  let limit = Infinity;
  let hits = new p.Uint8Array(1);
  let loaded = new p.Uint8Array(1);
  let size = 0;
  let takenAt = 0;

  const stop = (reason) => {
    host.stop(reason);
    for (;;);
  };
  const list = (also) => {
    let text = '';
    for (let index = 0; index < size; index += 1) {
      if (hits[index] === 1 || also[index] === 1) text += text === '' ? index : `,${index}`;
    }
    return text;
  };
  return {
    __proto__: null,
    stop,
    count: () => count,
    begin(limitSteps, statements) {
      limit = limitSteps < 0 ? Infinity : limitSteps;
      size = statements;
      hits = new p.Uint8Array(statements + 1);
      loaded = new p.Uint8Array(statements + 1);
    },
    step(index) {
      count += 1;
      if (count > limit) stop('steps');
      hits[index] = 1;
    },
    /** Work that no statement of the candidate accounts for, for example a timer that fires. */
    tick() {
      count += 1;
      if (count > limit) stop('steps');
    },
    /** The count and the reached statements of a candidate elsewhere, which never go back. */
    share(total, reached) {
      if (total > count) count = total;
      for (let index = 0; index < reached.length; index += 1) {
        if (reached[index] < size) hits[reached[index]] = 1;
      }
    },
    /** What ran so far was loading: it belongs to every test. */
    endLoad() {
      loaded = hits;
      hits = new p.Uint8Array(size + 1);
      takenAt = count;
    },
    /** `steps|covered indices` since the last call, as JSON members. */
    take(withCoverage) {
      const steps = count - takenAt;
      takenAt = count;
      const covered = withCoverage ? `[${list(loaded)}]` : 'null';
      p.fill(hits, 0);
      return `"steps":${steps},"covered":${covered}`;
    },
  };
};
