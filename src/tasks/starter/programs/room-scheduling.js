/**
 * roomsNeeded(meetings) gives how many rooms a day of meetings [start, end) needs at the same time. A meeting that starts
 * when another ends can use its room.
 */
function roomsNeeded(meetings) {
  const starts = meetings.map((meeting) => meeting[0]).sort((a, b) => a - b);
  const ends = meetings.map((meeting) => meeting[1]).sort((a, b) => a - b);
  let inUse = 0;
  let most = 0;
  let ended = 0;
  for (const start of starts) {
    while (ends[ended] <= start) {
      inUse--;
      ended++;
    }
    inUse++;
    most = Math.max(most, inUse);
  }
  return most;
}

// public
//   roomsNeeded([[9, 10], [10, 11]]) -> 1
//   roomsNeeded([[9, 12], [10, 11], [11, 13]]) -> 2
// hidden
//   roomsNeeded([]) -> 0
//   roomsNeeded([[1, 5]]) -> 1
//   roomsNeeded([[1, 5], [1, 5], [1, 5]]) -> 3
//   roomsNeeded([[8, 9], [100, 120], [9, 100]]) -> 1
//   roomsNeeded([[1, 10], [2, 3], [3, 4], [4, 5], [9, 12]]) -> 2
//   roomsNeeded([[5, 6], [1, 2], [3, 4]]) -> 1
//   roomsNeeded([[1, 4], [2, 5], [3, 6], [4, 7], [5, 8]]) -> 3
