/** Events by the names that `perf` knows them by. */
export const perfNames = { instructions: 'instructions:u', syscalls: 'raw_syscalls:sys_enter' } as const;

/** One line of `perf stat -x,`: the count or a remark such as `<not supported>`, a unit, the event, and more. */
const linePattern = /^([^,\n]*),[^,\n]*,([^,\n]+),/gm;

/** What `perf stat -x,` wrote about an event: its count, or the remark in its place; undefined where it wrote nothing. */
export function perfValue(output: string, event: keyof typeof perfNames): number | string | undefined {
  for (const [, value = '', name = ''] of output.matchAll(linePattern)) {
    // `perf` leaves out or adds the modifier as it likes.
    if (name.split(':u')[0] !== perfNames[event].split(':u')[0]) continue;
    return /^\d+$/.test(value) ? Number(value) : value;
  }
  return undefined;
}
