/**
 * standings(games) makes a league table from results "Team A 2:1 Team B": 3 points for a win, 1 for a draw. It gives lines
 * "rank. team points difference", where the difference of goals has a sign (0 has none). Order: points, then difference,
 * then goals scored, then name; teams equal in the first three share a rank.
 */
function standings(games) {
  const teams = new Map();
  const note = (name, scored, conceded) => {
    const team = teams.get(name) ?? { name, points: 0, difference: 0, scored: 0 };
    team.points += scored > conceded ? 3 : scored === conceded ? 1 : 0;
    team.difference += scored - conceded;
    team.scored += scored;
    teams.set(name, team);
  };
  for (const game of games) {
    const [, home, left, right, away] = /^(.+) (\d+):(\d+) (.+)$/.exec(game);
    note(home, Number(left), Number(right));
    note(away, Number(right), Number(left));
  }
  const compare = (a, b) => b.points - a.points || b.difference - a.difference || b.scored - a.scored;
  const table = [...teams.values()].sort((a, b) => compare(a, b) || (a.name < b.name ? -1 : 1));
  let rank = 0;
  return table.map((team, index) => {
    if (index === 0 || compare(table[index - 1], team) !== 0) {
      rank = index + 1;
    }
    const sign = team.difference > 0 ? '+' : '';
    return `${rank}. ${team.name} ${team.points} ${sign}${team.difference}`;
  });
}

// public
//   standings(['Ants 2:1 Bees']) -> ['1. Ants 3 +1', '2. Bees 0 -1']
//   standings(['Ants 0:0 Bees']) -> ['1. Ants 1 0', '1. Bees 1 0']
// hidden
//   standings([]) -> []
//   standings(['Red Fox 10:0 Owls']) -> ['1. Red Fox 3 +10', '2. Owls 0 -10']
//   standings(['B 1:1 A', 'C 1:0 D']) -> ['1. C 3 +1', '2. A 1 0', '2. B 1 0', '4. D 0 -1']
//   standings(['A 1:0 B', 'B 1:0 A']) -> ['1. A 3 0', '1. B 3 0']
//   standings(['A 1:0 C', 'B 3:2 D']) -> ['1. B 3 +1', '2. A 3 +1', '3. D 0 -1', '4. C 0 -1']
//   standings(['A 2:0 B', 'C 1:0 B', 'A 0:1 C']) -> ['1. C 6 +2', '2. A 3 +1', '3. B 0 -3']
//   standings(['X 1:2 Y', 'Y 0:0 X']) -> ['1. Y 4 +1', '2. X 1 -1']
