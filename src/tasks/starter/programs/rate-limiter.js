/**
 * admit(times, limit, span) decides for each request, given the ascending times they arrive at, whether it is let through:
 * at most `limit` admitted requests may lie in any window of `span` time units, (time - span, time]. Refused requests do not
 * count.
 */
function makeLimiter(limit, span) {
  let admitted = [];
  return (time) => {
    admitted = admitted.filter((earlier) => earlier > time - span);
    if (admitted.length >= limit) {
      return false;
    }
    admitted.push(time);
    return true;
  };
}

function admit(times, limit, span) {
  const allows = makeLimiter(limit, span);
  return times.map((time) => allows(time));
}

// public
//   admit([0, 1, 2, 10], 2, 5) -> [true, true, false, true]
//   admit([0, 0, 0], 1, 1) -> [true, false, false]
// hidden
//   admit([], 3, 10) -> []
//   admit([1, 2, 3], 0, 10) -> [false, false, false]
//   admit([0, 5], 1, 5) -> [true, true]
//   admit([0, 4, 5, 6, 9], 1, 5) -> [true, false, true, false, false]
//   admit([0, 1, 2, 3, 4, 5], 3, 3) -> [true, true, true, true, true, true]
//   admit([0, 1, 2, 3, 4, 5], 2, 3) -> [true, true, false, true, true, false]
//   admit([7, 7, 8, 20, 20, 20], 2, 4) -> [true, true, false, true, true, false]
