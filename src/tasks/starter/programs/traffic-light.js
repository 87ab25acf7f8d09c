/**
 * simulate(plan, seconds) gives the light shown in each of the first seconds. The plan is a list of [light, duration]; the
 * lights follow each other in a circle and each is shown for its duration. Lights with duration 0 are left out. A plan that
 * shows nothing gives "off" all the time.
 */
function simulate(plan, seconds) {
  const phases = plan.filter(([, duration]) => duration > 0);
  const shown = [];
  let phase = 0;
  let left = phases.length > 0 ? phases[0][1] : 0;
  while (shown.length < seconds) {
    if (phases.length === 0) {
      shown.push('off');
      continue;
    }
    if (left === 0) {
      phase = (phase + 1) % phases.length;
      left = phases[phase][1];
    }
    shown.push(phases[phase][0]);
    left--;
  }
  return shown;
}

// public
//   simulate([['red', 2], ['green', 1]], 4) -> ['red', 'red', 'green', 'red']
//   simulate([['red', 3]], 2) -> ['red', 'red']
// hidden
//   simulate([], 3) -> ['off', 'off', 'off']
//   simulate([['red', 1]], 0) -> []
//   simulate([['red', 0], ['green', 2]], 3) -> ['green', 'green', 'green']
//   simulate([['a', 0]], 2) -> ['off', 'off']
//   simulate([['a', 1], ['b', 2], ['c', 1]], 9) -> ['a', 'b', 'b', 'c', 'a', 'b', 'b', 'c', 'a']
//   simulate([['a', 1], ['b', 0], ['c', 2]], 5) -> ['a', 'c', 'c', 'a', 'c']
//   simulate([['x', 5], ['y', 1]], 7) -> ['x', 'x', 'x', 'x', 'x', 'y', 'x']
