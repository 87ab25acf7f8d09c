/** Numbers as sentences have them; the full ones are in the evidence. */
export function percent(share: number): string {
  return `${trimmed((share * 100).toFixed(1))} %`;
}

/** A difference of scores, with its sign: `+3.2 points` of a hundred. */
export function points(difference: number): string {
  const text = trimmed((difference * 100).toFixed(1));
  return `${difference > 0 ? '+' : ''}${text === '-0' ? '0' : text} points`;
}

/** A probability with two significant digits. */
export function probability(value: number): string {
  return `${Number(value.toPrecision(2))}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function trimmed(fixed: string): string {
  return fixed.replace(/\.0$/, '');
}
