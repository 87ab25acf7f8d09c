/**
 * rankHand(cards) names a hand of five cards like "7H" or "TD" (ranks 2-9 T J Q K A, suits C D H S): "straight flush",
 * "four of a kind", "full house", "flush", "straight", "three of a kind", "two pairs", "pair" or "high card". An ace may
 * also stand below the two in a straight.
 */
const RANKS = '23456789TJQKA';

function isStraight(ranks) {
  const sorted = [...ranks].sort((a, b) => a - b);
  if (sorted.join() === '0,1,2,3,12') {
    return true;
  }
  return sorted.every((rank, index) => index === 0 || rank === sorted[index - 1] + 1);
}

function rankHand(cards) {
  const ranks = cards.map((card) => RANKS.indexOf(card[0]));
  const counts = new Map();
  for (const rank of ranks) {
    counts.set(rank, (counts.get(rank) ?? 0) + 1);
  }
  const shape = [...counts.values()].sort((a, b) => b - a).join('');
  const flush = cards.every((card) => card[1] === cards[0][1]);
  const straight = isStraight(ranks);
  if (flush && straight) return 'straight flush';
  if (shape === '41') return 'four of a kind';
  if (shape === '32') return 'full house';
  if (flush) return 'flush';
  if (straight) return 'straight';
  if (shape === '311') return 'three of a kind';
  if (shape === '221') return 'two pairs';
  return shape === '2111' ? 'pair' : 'high card';
}

// public
//   rankHand(['2H', '2D', '5S', '9C', 'KD']) -> 'pair'
//   rankHand(['3C', '4D', '5H', '6S', '7C']) -> 'straight'
//   rankHand(['2H', '7D', '5S', '9C', 'KD']) -> 'high card'
// hidden
//   rankHand(['TH', 'JH', 'QH', 'KH', 'AH']) -> 'straight flush'
//   rankHand(['AC', '2D', '3H', '4S', '5C']) -> 'straight'
//   rankHand(['9H', '9D', '9S', '9C', 'KD']) -> 'four of a kind'
//   rankHand(['KH', '3D', '3S', 'KC', 'KD']) -> 'full house'
//   rankHand(['2H', '9H', '4H', 'JH', 'KH']) -> 'flush'
//   rankHand(['7H', '7D', '7S', '9C', 'KD']) -> 'three of a kind'
//   rankHand(['7H', '7D', '4S', '4C', 'KD']) -> 'two pairs'
//   rankHand(['JC', 'QD', 'KH', 'AS', '2C']) -> 'high card'
//   rankHand(['6D', '4D', '5D', '8D', '7D']) -> 'straight flush'
