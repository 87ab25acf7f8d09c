import type { Json, JsonObject } from '../../../kernel/json.ts';
import { cutText } from '../../cut-text.ts';
import { fenced } from '../../prompt-parts.ts';
import { taskPlaceholders, turnPlaceholders } from '../../prompt-template.ts';
import type { Parameter, ParameterSpace } from '../parameter-space.ts';
import type { FailureCase, PastProposal, ProposerView } from './proposer.ts';

/** What the model is told stays within what models read: about 60,000 characters at most. */
const casesMax = 8;
const pastMax = 20;
const charactersMax = { current: 20_000, statement: 800, program: 1500, feedback: 1200, past: 800 } as const;

/** Said before everything else. */
export const reflectorRole =
  'You improve a system that writes programs. You read how it failed and change one part of it. You answer with JSON.';

/**
 * The text that a reflecting model gets: what is to be changed, how it fails, what was tried and came of it, and the form of the
 * answer. Equal views give equal texts. Another wording is another version of the reflector.
 *
 * @param space what may be set; null for a prompt
 */
export function reflectorPrompt(view: ProposerView, space: ParameterSpace | null): string {
  const { slot, current, targetFailure, classes, tasks, cases, past } = view;
  const told = [
    `# Change the ${slot}`,
    'An episode is one task: a generator writes a program, public tests run, what came of it becomes feedback, and it tries again until its candidates are used up. Hidden tests grade the answer; nobody sees them.',
    `You write one change of the slot "${slot}". It is compared with what the slot holds now: first on dev items, then on held-out items that you never see. It is kept only if more tasks are solved. Make one change that attacks the cause of the failures, and do not repeat what was tried.`,
    `## What the slot ${slot} holds now`,
    contentText(current),
    space === null ? templateRules() : parameterRules(space),
    '## How it fails',
    `Of ${tasks} tasks: ${classes.map(({ name, count }) => `${name} ${count}`).join(', ') || 'nothing is known'}. Attack the class "${targetFailure}".`,
    ...cases.slice(0, casesMax).map(caseText),
    '## What was proposed before, and what came of it',
    past.length === 0 ? 'Nothing.' : past.slice(-pastMax).map(pastText).join('\n\n'),
    '## Your answer',
    answerRules(space),
  ];
  return `${told.join('\n\n')}\n`;
}

/** The second and last question, after an answer that cannot be used. */
export function repairPrompt(prompt: string, answer: string, problem: string): string {
  const told = [
    '## Your answer cannot be used',
    'You answered:',
    fenced(cutText(answer, charactersMax.current), ''),
    `The problem: ${problem}`,
    'Answer once more, with the whole JSON object and nothing else.',
  ];
  return `${prompt}\n${told.join('\n\n')}\n`;
}

function contentText(content: Json): string {
  const template = templateOf(content);
  if (template !== null) return fenced(cutText(template, charactersMax.current), 'text');
  return fenced(cutText(JSON.stringify(content, null, 2), charactersMax.current), 'json');
}

function templateOf(content: Json): string | null {
  if (content === null || typeof content !== 'object' || Array.isArray(content)) return null;
  const { template } = content as JsonObject;
  return typeof template === 'string' ? template : null;
}

function templateRules(): string {
  return [
    'It is a template: the generator, a language model, is told what it renders to and nothing else.',
    `- Placeholders of the task: ${taskPlaceholders.map((name) => `{{${name}}}`).join(' ')}. Programs and tests come as code blocks.`,
    `- {{#turns}} … {{/turns}} is repeated for every earlier attempt, oldest first. Only inside of it: ${turnPlaceholders.map((name) => `{{${name}}}`).join(' ')}.`,
    '- {{#name}} … {{/name}} is left out where that text is empty. A section has its own lines. \\{{ is two braces.',
    '- Without {{#turns}} the generator never learns what it tried and how that failed.',
  ].join('\n');
}

function parameterRules(space: ParameterSpace): string {
  const lines = Object.entries(space).map(([name, parameter]) => `- ${name}: ${rangeText(parameter)}`);
  return ['Parameters that may be set:', ...lines].join('\n');
}

function rangeText(parameter: Parameter): string {
  const usual = `${parameter.default ?? 'left out (null)'} by default`;
  if (parameter.kind === 'choice')
    return `one of ${parameter.choices.map((choice) => JSON.stringify(choice)).join(', ')}; ${usual}`;
  return `${parameter.kind} from ${parameter.low} to ${parameter.high}; ${usual}`;
}

function caseText({ task, class: name, why, statement, program, feedback }: FailureCase): string {
  const parts = [`### ${task} (${name}): ${why}`, cutText(statement.trim(), charactersMax.statement)];
  if (program !== null) parts.push('Its last answer:', fenced(cutText(program, charactersMax.program), ''));
  if (feedback !== null)
    parts.push('What it was told:', fenced(cutText(feedback, charactersMax.feedback), ''));
  return parts.join('\n\n');
}

function pastText({ slot, content, hypothesis, targetFailure, ...came }: PastProposal): string {
  const { outcome, decidedBy, devGain, symbol, predictedGain } = came;
  const facts = [
    `${slot}, against ${targetFailure}: ${outcome}`,
    ...(decidedBy === null ? [] : [`decided by ${decidedBy}`]),
    `predicted ${predictedGain}`,
    ...(devGain === null ? [] : [`on dev ${devGain}`]),
    ...(symbol === null ? [] : [`held-out items say ${symbol}`]),
  ];
  const parts = [`- ${facts.join('; ')}. ${hypothesis}`];
  if (content !== null) {
    const text = templateOf(content) ?? JSON.stringify(content);
    parts.push(fenced(cutText(text, charactersMax.past), ''));
  }
  return parts.join('\n\n');
}

function answerRules(space: ParameterSpace | null): string {
  const content =
    space === null
      ? '"content": the whole new template, as one string'
      : '"content": an object with the parameters that change, and their new values; null takes one out';
  return [
    'One JSON object, in a ```json block or bare, with',
    `- ${content};`,
    '- "hypothesis": why more tasks will be solved, in one or two sentences;',
    '- "predictedGain": how many more per task, from -1 to 1, such as 0.1;',
    '- "falsifiedBy": what would prove you wrong, in one sentence.',
  ].join('\n');
}
