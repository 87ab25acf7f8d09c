/**
 * fewestCoins(amount, coins) gives the smallest number of coins that add up to the amount, any coin being available as
 * often as needed, or -1 when it cannot be paid exactly.
 */
function fewestCoins(amount, coins) {
  const best = [0];
  for (let sum = 1; sum <= amount; sum++) {
    best[sum] = Infinity;
    for (const coin of coins) {
      if (coin <= sum && best[sum - coin] + 1 < best[sum]) {
        best[sum] = best[sum - coin] + 1;
      }
    }
  }
  return best[amount] === Infinity ? -1 : best[amount];
}

// public
//   fewestCoins(11, [1, 2, 5]) -> 3
//   fewestCoins(3, [2]) -> -1
// hidden
//   fewestCoins(0, [5]) -> 0
//   fewestCoins(6, [1, 3, 4]) -> 2
//   fewestCoins(30, [25, 10, 1]) -> 3
//   fewestCoins(7, []) -> -1
//   fewestCoins(5, [5]) -> 1
//   fewestCoins(63, [1, 5, 10, 21, 25]) -> 3
//   fewestCoins(27, [4, 5]) -> 6
//   fewestCoins(1, [2, 3]) -> -1
