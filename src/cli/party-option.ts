import { InvalidArgumentError, Option } from 'commander';
import { partySchema } from '../events/party.ts';

/** `--as`: who does it. Rules of governance compare these names, so nobody has one by default. */
export function partyOption(what: string): Option {
  return new Option('--as <party>', `${what}, such as person:ada`).argParser(party).makeOptionMandatory();
}

/**
 * Always KIND:NAME: with a bare name beside it, one person would be two, and could approve what they proposed.
 *
 * @throws InvalidArgumentError
 */
export function party(text: string): string {
  if (text.includes(':') && partySchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be KIND:NAME, such as person:ada, key:deploy or ci:nightly.');
}
