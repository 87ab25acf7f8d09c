import type { EventOf } from '../../../events/define-event.ts';
import type { ImprovementStarted } from '../../../events/improvement.ts';
import { readModelSpec } from '../../../generators/model/model-spec.ts';
import { openLanguageModel } from '../../../generators/model/open-language-model.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { createExternalProposer } from './external.ts';
import type { Proposer } from './proposer.ts';
import { createReflector, reflectedSlots } from './reflector.ts';
import { createTuner, tunedSlots } from './tuner.ts';

/** As `ImprovementStarted` names a proposer. */
export type RecordedProposer = EventOf<typeof ImprovementStarted>['data']['proposers'][number];

/** What one proposal may take. */
export interface ProposalLimits {
  readonly secondsMax: number;
  /** Model tokens, in and out; null where they are not limited. */
  readonly tokensMax: number | null;
}

type Create = (argument: string, limits: ProposalLimits) => Promise<Proposer>;

/** How proposers are written on the command line: name, or name and argument. A new one is one line here. */
const creators: ReadonlyMap<string, Create> = new Map<string, Create>([
  ['tuner', async (argument) => createTuner(tunedSlotsOf(argument))],
  ['reflector', reflectorOf],
  ['program', async (argument, limits) => externalOf(argument, limits)],
]);
export const proposerNames: readonly string[] = [
  'tuner[:SLOT,…]',
  "'reflector:[slots=SLOT,…] FILE|JSON'",
  "'program:[slots=SLOT,…] COMMAND ARGUMENTS'",
];

/** @throws PawlError `USAGE` naming the proposers there are */
export async function createProposer(spec: string, limits: ProposalLimits): Promise<Proposer> {
  const colon = spec.indexOf(':');
  const create = creators.get(colon < 0 ? spec : spec.slice(0, colon));
  if (create === undefined)
    throw new PawlError('USAGE', `There is no proposer "${spec}". Known: ${proposerNames.join(', ')}.`);
  const proposer = await create(colon < 0 ? '' : spec.slice(colon + 1), limits);
  // Kept with the history, so that a sitting that was stopped, and a replay of it, can make the same one again.
  return {
    ...proposer,
    config: { spec, ...proposer.config, deterministic: proposer.deterministic, ...limits },
  };
}

export function recordedProposer({ name, version, slots, config }: Proposer): RecordedProposer {
  return { name, version, slots: [...slots], config };
}

/**
 * The proposer that a sitting began with.
 *
 * @throws PawlError `PROPOSER_FAILED` where this build has another version, or none
 */
export async function recreateProposer({ name, version, config }: RecordedProposer): Promise<Proposer> {
  const { spec, secondsMax, tokensMax } = config;
  if (typeof spec !== 'string' || typeof secondsMax !== 'number') throw gone(name, version);
  const proposer = await createProposer(spec, {
    secondsMax,
    tokensMax: typeof tokensMax === 'number' ? tokensMax : null,
  });
  if (proposer.name === name && proposer.version === version) return proposer;
  await proposer.close();
  throw gone(name, version);
}

function gone(name: string, version: number): PawlError {
  return new PawlError(
    'PROPOSER_FAILED',
    `This build does not have the proposer ${name} version ${version}.`,
    { context: { kind: 'crash', name, version } },
  );
}

function tunedSlotsOf(argument: string): typeof tunedSlots {
  if (argument === '') return tunedSlots;
  const wanted = argument.split(',');
  const chosen = tunedSlots.filter((slot) => wanted.includes(slot));
  if (chosen.length === wanted.length) return chosen;
  throw new PawlError('USAGE', `The tuner works on ${tunedSlots.join(', ')}, not on "${argument}".`);
}

/** `[slots=SLOT,…] FILE|JSON`: a model as generators have it. */
async function reflectorOf(argument: string, { tokensMax }: ProposalLimits): Promise<Proposer> {
  const { named, rest } = /^\s*(?:slots=(?<named>\S+))?\s*(?<rest>.*)$/s.exec(argument)?.groups ?? {};
  const wanted = named?.split(',') ?? reflectedSlots;
  const slots = reflectedSlots.filter((slot) => wanted.includes(slot));
  if (slots.length !== wanted.length)
    throw new PawlError('USAGE', `The reflector works on ${reflectedSlots.join(', ')}, not on "${named}".`);
  const model = await readModelSpec(rest?.trim() ?? '');
  const reflector = createReflector(await openLanguageModel(model, process.env), { slots, tokensMax });
  // With what the file said: a sitting goes on with the same model, whatever becomes of the file.
  const spec = `reflector:slots=${slots.join(',')} ${canonicalJson(model)}`;
  return { ...reflector, config: { ...reflector.config, spec } };
}

/** `[slots=SLOT,…] COMMAND ARGUMENTS`: words, with quotes around those that hold spaces; there is no shell. */
function externalOf(argument: string, limits: ProposalLimits): Proposer {
  const words = [...argument.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  const named = /^slots=(.+)$/.exec(words[0] ?? '')?.[1]?.split(',') ?? null;
  const command = named === null ? words : words.slice(1);
  if (command[0] === undefined || command[0] === '')
    throw new PawlError('USAGE', 'program: takes a command, such as "program:python3 $PWD/propose.py".');
  const proposer = createExternalProposer(command, limits);
  if (named === null) return proposer;
  const slots = proposer.slots.filter((slot) => named.includes(slot));
  if (slots.length === named.length) return { ...proposer, slots };
  throw new PawlError('USAGE', `A program proposes for ${proposer.slots.join(', ')}, not for ${named}.`);
}
