/**
 * groupAnagrams(words) puts words with the same letters (case does not matter) together. Only groups of at least two words
 * are given; the largest first, equally large ones by their first word's place in the input; words keep the order of the
 * input, and a word that is repeated counts once.
 */
function groupAnagrams(words) {
  const groups = new Map();
  for (const word of words) {
    const key = [...word.toLowerCase()].sort().join('');
    const group = groups.get(key) ?? [];
    if (!group.includes(word)) {
      group.push(word);
    }
    groups.set(key, group);
  }
  return [...groups.values()].filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
}

// public
//   groupAnagrams(['tea', 'cat', 'eat']) -> [['tea', 'eat']]
//   groupAnagrams(['one', 'two']) -> []
// hidden
//   groupAnagrams([]) -> []
//   groupAnagrams(['ab', 'cd', 'dc', 'ba']) -> [['ab', 'ba'], ['cd', 'dc']]
//   groupAnagrams(['on', 'no', 'tan', 'ant', 'nat']) -> [['tan', 'ant', 'nat'], ['on', 'no']]
//   groupAnagrams(['x', 'x']) -> []
//   groupAnagrams(['Dog', 'God', 'dog']) -> [['Dog', 'God', 'dog']]
//   groupAnagrams(['aab', 'abb']) -> []
//   groupAnagrams(['ab', 'ab', 'ba']) -> [['ab', 'ba']]
