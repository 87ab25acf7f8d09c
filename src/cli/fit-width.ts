const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** East Asian wide and fullwidth ranges, and pictographs: two columns each. */
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** The beginning of a line that takes at most so many columns of a terminal; `…` where something was cut. */
export function fitWidth(line: string, columns: number): string {
  let used = 0;
  let fitting = '';
  let room = '';
  for (const { segment } of segmenter.segment(line)) {
    used += wide.test(segment) ? 2 : 1;
    if (used > columns) return columns < 1 ? '' : `${room}…`;
    fitting += segment;
    if (used < columns) room = fitting;
  }
  return fitting;
}
