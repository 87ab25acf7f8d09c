import type { Random } from '../../../kernel/random.ts';
import type { Parameter, ParameterValue, ParameterValues } from '../parameter-space.ts';

type Numeric = Extract<Parameter, { low: number }>;

/**
 * Another value for a parameter: with probability `exploration` from the whole range (uniformly on its scale), else a step from
 * where it is, of at most half the range times `exploration`. A choice is always another one where there is another.
 */
export function drawValue(
  parameter: Parameter,
  at: ParameterValue,
  random: Random,
  exploration: number,
): ParameterValue {
  if (parameter.kind === 'choice') {
    const others = parameter.choices.filter((choice) => choice !== at);
    return others.length === 0 ? at : random.pick(others);
  }
  const explores = random.float() < exploration;
  const draw = random.float();
  const place =
    explores || typeof at !== 'number' ? draw : placeOf(parameter, at) + (draw - 0.5) * exploration;
  return rounded(parameter, valueAt(parameter, Math.min(1, Math.max(0, place))), at, draw);
}

/** Three significant digits, so that equal is equal; an integer moves by one at least. */
function rounded({ kind, low, high }: Numeric, value: number, at: ParameterValue, draw: number): number {
  if (kind === 'number') return within(low, Number(value.toPrecision(3)), high);
  const whole = Math.round(value);
  if (whole !== at) return within(low, whole, high);
  const up = draw >= 0.5 ? whole < high : whole <= low;
  return within(low, whole + (up ? 1 : -1), high);
}

function within(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** 0 at `low`, 1 at `high`, on the parameter's scale. */
function placeOf({ low, high, scale }: Numeric, value: number): number {
  if (high <= low) return 0;
  if (scale === 'linear') return (value - low) / (high - low);
  return Math.log(Math.max(low, value) / low) / Math.log(high / low);
}

function valueAt({ low, high, scale }: Numeric, place: number): number {
  return scale === 'linear' ? low + place * (high - low) : low * (high / low) ** place;
}

/**
 * 1 for the same values, towards 0 the more parameters differ: the product over all names of 1/2 for a difference. A number that
 * is off by a tenth of the larger one differs a tenth as much.
 */
export function nearness(left: ParameterValues, right: ParameterValues): number {
  let near = 1;
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    near /= 1 + differenceOf(left[name], right[name]);
  }
  return near;
}

function differenceOf(left: ParameterValue | undefined, right: ParameterValue | undefined): number {
  if (left === right) return 0;
  if (typeof left !== 'number' || typeof right !== 'number') return 1;
  return Math.min(1, Math.abs(left - right) / Math.max(Math.abs(left), Math.abs(right)));
}
