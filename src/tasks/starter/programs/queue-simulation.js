/**
 * waitingTimes(customers, desks) serves customers in order of arrival. Each is [arrival, duration]; whoever is next goes
 * to the desk that is free first (the lowest number among equals) and waits until then. It gives each one's waiting time.
 */
function waitingTimes(customers, desks) {
  const freeAt = new Array(desks).fill(0);
  const waits = [];
  for (const [arrival, duration] of customers) {
    let desk = 0;
    for (let i = 1; i < freeAt.length; i++) {
      if (freeAt[i] < freeAt[desk]) {
        desk = i;
      }
    }
    const start = Math.max(arrival, freeAt[desk]);
    waits.push(start - arrival);
    freeAt[desk] = start + duration;
  }
  return waits;
}

// public
//   waitingTimes([[0, 5], [1, 3], [2, 2]], 1) -> [0, 4, 6]
//   waitingTimes([[0, 5], [1, 3], [2, 2]], 2) -> [0, 0, 2]
// hidden
//   waitingTimes([], 3) -> []
//   waitingTimes([[10, 1]], 1) -> [0]
//   waitingTimes([[0, 2], [5, 2], [6, 1]], 1) -> [0, 0, 1]
//   waitingTimes([[0, 10], [0, 10], [0, 10], [1, 1]], 3) -> [0, 0, 0, 9]
//   waitingTimes([[0, 4], [0, 1], [0, 1], [0, 1]], 2) -> [0, 0, 1, 2]
//   waitingTimes([[3, 0], [3, 0], [3, 2], [4, 1]], 1) -> [0, 0, 0, 1]
//   waitingTimes([[0, 7], [2, 1], [3, 1]], 2) -> [0, 0, 0]
