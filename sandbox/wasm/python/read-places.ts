import { SourceText } from './source-text.ts';
import type { TestPlace } from './test-recorder.ts';

/**
 * Which assertion each index stands for.
 *
 * @param numbers what `compile_asserts` of the harness gives: four numbers for each assertion
 * @param first how many assertions the scripts before this one have
 */
export function readPlaces(source: string, numbers: string, first: number): TestPlace[] {
  const text = new SourceText(source);
  const values = numbers === '' ? [] : numbers.split(' ').map(Number);
  const places: TestPlace[] = [];
  for (let at = 0; at < values.length; at += 4) {
    const [line = 1, column = 0, endLine = 1, endColumn = 0] = values.slice(at, at + 4);
    const { start, end } = text.range(line, column, endLine, endColumn);
    places.push({ id: `assert-${first + places.length + 1}`, input: source.slice(start, end) });
  }
  return places;
}
