/**
 * score(rolls) adds up a complete game of ten-pin bowling given as pins per roll: a strike adds the next two rolls, a spare
 * the next one, and the tenth frame gets its extra rolls. A list that is too short, too long or knocks down more than ten
 * pins in a frame gives null.
 */
function score(rolls) {
  let total = 0;
  let at = 0;
  for (let frame = 1; frame <= 10; frame++) {
    const [first, second, third] = rolls.slice(at, at + 3);
    const isStrike = first === 10;
    if (second === undefined || (!isStrike && first + second > 10)) {
      return null;
    }
    const isSpare = !isStrike && first + second === 10;
    if ((isStrike || isSpare) && third === undefined) {
      return null;
    }
    total += first + second + (isStrike || isSpare ? third : 0);
    at += isStrike ? 1 : 2;
    if (frame === 10) {
      at += isStrike ? 2 : isSpare ? 1 : 0;
    }
  }
  return at === rolls.length ? total : null;
}

// public
//   score(new Array(20).fill(4)) -> 80
//   score(new Array(12).fill(10)) -> 300
//   score([1, 2]) -> null
// hidden
//   score(new Array(21).fill(5)) -> 150
//   score(new Array(20).fill(0)) -> 0
//   score([10, 3, 4, ...new Array(16).fill(0)]) -> 24
//   score([6, 4, 5, 1, ...new Array(16).fill(0)]) -> 21
//   score([...new Array(18).fill(0), 10, 7, 2]) -> 19
//   score([...new Array(18).fill(0), 10, 7]) -> null
//   score(new Array(21).fill(1)) -> null
//   score([7, 5, ...new Array(18).fill(0)]) -> null
//   score([...new Array(18).fill(1), 2, 8, 6]) -> 34
//   score([]) -> null
