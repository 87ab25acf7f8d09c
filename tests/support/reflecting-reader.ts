/** What somebody answers who is asked to change a prompt or parameters, and knows nothing but the question. */
export function reflectedAnswer(prompt: string): string {
  const slot = /^# Change the (\w+)$/m.exec(prompt)?.[1];
  const target = /Attack the class "([^"]+)"/.exec(prompt)?.[1] ?? 'any';
  const proposal = slot === 'prompt' ? betterTemplate(prompt) : betterParameters(prompt);
  if (proposal === null) return 'I have no idea what else could be changed here.';
  const { content, hypothesis } = proposal;
  const share = shareOf(prompt, target);
  const predictedGain = Math.round((share / 2) * 100) / 100;
  const contract = { content, hypothesis, predictedGain, falsifiedBy: `As many tasks fail by ${target}.` };
  return `This is what I would change.\n\n\`\`\`json\n${JSON.stringify(contract, null, 2)}\n\`\`\`\n`;
}

/** Whether a question is one of these. */
export function asksToReflect(prompt: string): boolean {
  return /^# Change the \w+$/m.test(prompt) && prompt.includes('## Your answer');
}

interface Idea {
  readonly content: unknown;
  readonly hypothesis: string;
}

/** The first thing that the template lacks and that nobody has proposed in vain. */
function betterTemplate(prompt: string): Idea | null {
  const template = blockUnder(prompt, '## What the slot prompt holds now');
  if (template === null) return null;
  const past = partUnder(prompt, '## What was proposed before, and what came of it');
  const additions = [
    {
      lacks: '{{feedback}}',
      text: '{{#turns}}\nAttempt {{number}}:\n{{program}}\n{{feedback}}\n{{/turns}}',
      hypothesis: 'The generator is not told how its attempts failed; now it is.',
    },
    {
      lacks: '{{publicTests}}',
      text: '{{#publicTests}}\nThese have to hold:\n{{publicTests}}\n{{/publicTests}}',
      hypothesis: 'The generator does not see the tests; now it does.',
    },
  ];
  for (const { lacks, text, hypothesis } of additions) {
    if (template.includes(lacks) || past.includes(lacks)) continue;
    return { content: `${template}\n${text}`, hypothesis };
  }
  return null;
}

/** The first number that nobody has touched: the first that is offered for it, or one more than it is by default. */
function betterParameters(prompt: string): Idea | null {
  const past = partUnder(prompt, '## What was proposed before, and what came of it');
  const told =
    /^- (?<name>\w+): (?:one of null, (?<offered>\d+)|integer from \d+ to (?<high>\d+); (?<usual>\d+) by default)/gm;
  for (const { groups = {} } of prompt.matchAll(told)) {
    const { name = '', offered, high, usual } = groups;
    const value = Number(offered ?? Math.min(Number(high), Number(usual) + 1));
    if (value === Number(usual) || past.includes(`"${name}"`)) continue;
    return { content: { [name]: value }, hypothesis: `With ${name} ${value} it searches otherwise.` };
  }
  return null;
}

/** Of all tasks, how many fail by this class. */
function shareOf(prompt: string, target: string): number {
  const tasks = Number(/^Of (\d+) tasks: /m.exec(prompt)?.[1] ?? 0);
  const line = /^Of \d+ tasks: (.*)\. Attack/m.exec(prompt)?.[1] ?? '';
  const count = Number(
    line
      .split(', ')
      .find((part) => part.startsWith(`${target} `))
      ?.split(' ')[1] ?? 0,
  );
  return tasks === 0 ? 0 : count / tasks;
}

function partUnder(prompt: string, heading: string): string {
  const begin = prompt.indexOf(`${heading}\n`);
  if (begin < 0) return '';
  const rest = prompt.slice(begin + heading.length);
  const end = rest.search(/\n## /);
  return end < 0 ? rest : rest.slice(0, end);
}

function blockUnder(prompt: string, heading: string): string | null {
  return (
    /^(?<fence>`{3,})\w*\n(?<text>[\s\S]*?)\n\k<fence>$/m.exec(partUnder(prompt, heading))?.groups?.[
      'text'
    ] ?? null
  );
}
