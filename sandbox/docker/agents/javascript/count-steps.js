/** Counts the candidate's statements and notes which were reached since the tests were last told. */
(stop) => {
  let count = 0;
  let limit = Infinity;
  let reached = new Uint8Array(0);
  let news = [];
  return {
    count: () => count,
    begin(limitSteps, statements) {
      limit = limitSteps < 0 ? Infinity : limitSteps;
      reached = new Uint8Array(statements + 1);
    },
    /** The tests count too (timers of their own), and tell the sum. */
    share(total) {
      if (total > count) count = total;
    },
    stepNoted(index) {
      count += 1;
      if (count > limit) stop();
      if (reached[index] === 0) {
        reached[index] = 1;
        news[news.length] = index;
      }
    },
    step() {
      count += 1;
      if (count > limit) stop();
    },
    takeNews() {
      let text = '';
      for (let index = 0; index < news.length; index += 1) {
        text += (index === 0 ? '' : ',') + news[index];
        reached[news[index]] = 0;
      }
      news = [];
      return text;
    },
  };
};
