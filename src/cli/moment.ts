import { InvalidArgumentError } from 'commander';

const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A date or a time as people write it for a command, as milliseconds since the epoch; UTC where no offset is named. */
export function moment(text: string): number {
  const time = form.exec(text)?.[1];
  const zoned = time === undefined || /(Z|[+-]\d{2}:\d{2})$/.test(time) ? text : `${text}Z`;
  const ms = form.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It must be a date or a time, such as 2026-11-21 or 2026-11-21T10:30Z.');
}
