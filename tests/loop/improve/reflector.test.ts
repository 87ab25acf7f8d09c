import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createGenerator } from '../../../src/generators/registry.ts';
import { digestOf } from '../../../src/kernel/digest.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { askProposer } from '../../../src/loop/improve/ask-proposer.ts';
import type { PastProposal, ProposerView } from '../../../src/loop/improve/proposers/proposer.ts';
import {
  createProposer,
  recordedProposer,
  recreateProposer,
} from '../../../src/loop/improve/proposers/registry.ts';
import { strategyNamed, strategyRef } from '../../../src/strategies/registry.ts';
import {
  type ModelOptions,
  type PromptReadingModel,
  startPromptReadingModel,
} from '../../support/prompt-reading-model.ts';

const never = new AbortController().signal;
const terse = 'Mend this program.\n{{givenProgram}}';
const told = `${terse}\n{{#turns}}\nAttempt {{number}}:\n{{program}}\n{{feedback}}\n{{/turns}}`;
const strategy = strategyRef(strategyNamed('sequential-feedback'), { candidates: 4 });

let server: PromptReadingModel | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function viewOf(slot: ProposerView['slot'], current: Json, past: readonly PastProposal[] = []): ProposerView {
  return {
    ...{ slot, current, parent: digestOf(current), targetFailure: 'friction', tasks: 10, past },
    classes: [
      { name: 'wrong-answer', count: 5 },
      { name: 'friction', count: 4 },
    ],
    cases: [
      {
        ...{ task: 'toy/1', class: 'friction', why: 'expected 3, got 2', statement: 'Add them up.' },
        ...{ program: 'function f(a) {\n  return `+a`;\n}', feedback: 'FAIL 1: f(1)' },
      },
    ],
  };
}

function pastOf(
  content: Json,
  outcome: PastProposal['outcome'],
  slot: PastProposal['slot'] = 'prompt',
): PastProposal {
  return {
    ...{
      slot,
      content,
      hypothesis: 'It was worth a try.',
      targetFailure: 'friction',
      predictedGain: 0.2,
      outcome,
    },
    ...{ decidedBy: 'dev', devGain: -0.05, symbol: null },
  };
}

interface Asked extends ModelOptions {
  readonly slots?: string;
  readonly spec?: object;
  readonly tokensMax?: number;
  readonly secondsMax?: number;
}

async function reflector({ slots, spec = {}, tokensMax, secondsMax = 60, ...options }: Asked = {}) {
  await server?.close();
  server = await startPromptReadingModel(options);
  const model = JSON.stringify({ baseURL: server.baseURL, model: 'reader', ...spec });
  const named = slots === undefined ? '' : `slots=${slots} `;
  return createProposer(`reflector:${named}${model}`, { secondsMax, tokensMax: tokensMax ?? null });
}

/** What comes to be recorded. */
async function recorded(view: ProposerView, asked: Asked = {}) {
  const proposer = await reflector(asked);
  const { name, version } = proposer;
  const { event, blobs } = await askProposer(
    proposer,
    {
      ...{
        proposal: '01M7Z64BFT8CF8Y7A3W4DXJ11N',
        slot: view.slot,
        targetFailure: view.targetFailure,
        seed: 's',
      },
      ...{ proposer: { name, version }, view: { digest: digestOf('view'), bytes: 1 } },
    },
    view,
    never,
  );
  const content = blobs[0] === undefined ? null : JSON.parse(Buffer.from(blobs[0].bytes).toString());
  return { event, content };
}

const saying = (...answers: readonly string[]): ModelOptions => {
  let next = 0;
  return {
    fault: () => {
      const content = answers[Math.min(next, answers.length - 1)];
      next += 1;
      const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
      const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
      const answer = { id: 'a', object: 'chat.completion', created: 0, model: 'reader', choices, usage };
      return { status: 200, body: JSON.stringify(answer) };
    },
  };
};
const contract = (content: unknown, more: object = {}): string =>
  JSON.stringify({ content, hypothesis: 'h', predictedGain: 0.1, falsifiedBy: 'f', ...more });

describe('a model that reflects', () => {
  it('reads how the prompt fails, and writes another one with what it lacks', async () => {
    const { event, content } = await recorded(viewOf('prompt', { template: terse }));
    expect(content).toEqual({ template: told });
    const [request] = server?.requests ?? [];
    expect(event).toMatchObject({
      type: 'ChangeProposed',
      data: {
        ...{ slot: 'prompt', targetFailure: 'friction', author: 'model:reader', predictedGain: 0.2 },
        hypothesis: 'The generator is not told how its attempts failed; now it is.',
        falsifiedBy: 'As many tasks fail by friction.',
        usage: { inputTokens: Math.ceil((request?.prompt.length ?? 0) / 4) },
      },
    });
    expect(server?.requests.length).toBe(1);
    expect(request?.prompt).toMatchInlineSnapshot(`
      "# Change the prompt

      An episode is one task: a generator writes a program, public tests run, what came of it becomes feedback, and it tries again until its candidates are used up. Hidden tests grade the answer; nobody sees them.

      You write one change of the slot "prompt". It is compared with what the slot holds now: first on dev items, then on held-out items that you never see. It is kept only if more tasks are solved. Make one change that attacks the cause of the failures, and do not repeat what was tried.

      ## What the slot prompt holds now

      \`\`\`text
      Mend this program.
      {{givenProgram}}
      \`\`\`

      It is a template: the generator, a language model, is told what it renders to and nothing else.
      - Placeholders of the task: {{task}} {{language}} {{entryPoint}} {{statement}} {{publicTests}} {{givenProgram}}. Programs and tests come as code blocks.
      - {{#turns}} … {{/turns}} is repeated for every earlier attempt, oldest first. Only inside of it: {{number}} {{program}} {{feedback}}.
      - {{#name}} … {{/name}} is left out where that text is empty. A section has its own lines. \\{{ is two braces.
      - Without {{#turns}} the generator never learns what it tried and how that failed.

      ## How it fails

      Of 10 tasks: wrong-answer 5, friction 4. Attack the class "friction".

      ### toy/1 (friction): expected 3, got 2

      Add them up.

      Its last answer:

      \`\`\`
      function f(a) {
        return \`+a\`;
      }
      \`\`\`

      What it was told:

      \`\`\`
      FAIL 1: f(1)
      \`\`\`

      ## What was proposed before, and what came of it

      Nothing.

      ## Your answer

      One JSON object, in a \`\`\`json block or bare, with
      - "content": the whole new template, as one string;
      - "hypothesis": why more tasks will be solved, in one or two sentences;
      - "predictedGain": how many more per task, from -1 to 1, such as 0.1;
      - "falsifiedBy": what would prove you wrong, in one sentence.
      "
    `);
    expect(request?.body.messages[0]?.role).toBe('system');
  });

  it('is told what became of earlier proposals, and tries something else', async () => {
    const past = [
      pastOf({ template: told }, 'crashed'),
      pastOf(strategy as unknown as Json, 'over_budget', 'strategy'),
    ];
    const { content } = await recorded(viewOf('prompt', { template: terse }, past));
    expect(content).toEqual({
      template: `${terse}\n{{#publicTests}}\nThese have to hold:\n{{publicTests}}\n{{/publicTests}}`,
    });
    const prompt = server?.requests[0]?.prompt ?? '';
    expect(prompt).toContain(
      '- prompt, against friction: crashed; decided by dev; predicted 0.2; on dev -0.05. It was worth a try.',
    );
    expect(prompt).toContain('- strategy, against friction: over_budget; decided by dev; predicted 0.2');
  });

  it('changes parameters within their bounds, and no others', async () => {
    const { content } = await recorded(viewOf('strategy', strategy as unknown as Json));
    expect(content).toEqual({ ...strategy, params: { candidates: 4, restartAfter: 2 } });
    const repair = await createGenerator('repair');
    const current = { spec: 'repair', ref: repair.ref } as unknown as Json;
    const bound = await recorded(viewOf('generator', current), saying(contract({ basesMax: 0 })));
    expect(bound.content).toMatchObject({ spec: 'repair:{"basesMax":0}' });
    const beyond = await recorded(
      viewOf('strategy', strategy as unknown as Json),
      saying(contract({ candidates: 99 })),
    );
    expect(beyond.event).toMatchObject({
      type: 'ProposalFailed',
      data: { kind: 'invalid', error: { code: 'PROPOSAL_INVALID' } },
    });
  });

  it('has nothing left for what has no parameters, and asks nobody', async () => {
    const model = '{"baseURL":"http://127.0.0.1:9/v1","model":"m"}';
    const generator = await createGenerator(`model:${model}`);
    const current = { spec: `model:${model}`, ref: generator.ref } as unknown as Json;
    const { event } = await recorded(viewOf('generator', current));
    expect(event).toMatchObject({ type: 'ProposalFailed', data: { kind: 'nothing_left' } });
    expect(server?.requests).toEqual([]);
  });
});

describe('an answer that cannot be used', () => {
  const view = viewOf('prompt', { template: terse });

  it('is asked for once more, with what is wrong; the tokens of both count', async () => {
    const { event, content } = await recorded(
      view,
      saying('{"content":', `Sorry.\n${contract('New {{statement}}')}`),
    );
    expect(content).toEqual({ template: 'New {{statement}}' });
    expect(event.data).toMatchObject({ usage: { inputTokens: 200, outputTokens: 20 } });
    const [first, second] = server?.requests ?? [];
    expect(second?.prompt.startsWith(first?.prompt ?? 'nothing')).toBe(true);
    expect(second?.prompt).toContain('The problem: There is no JSON object in the answer: {"content":');
    expect(second?.body.seed).not.toBe(first?.body.seed);
  });

  it.for([
    ['no JSON', 'I would rather not.', 'There is no JSON object in the answer: I would rather not.'],
    ['nothing', '', 'There is no JSON object in the answer: nothing'],
    ['a part of it', '{"content":"x"}', 'Invalid input: expected string, received undefined'],
    ['too much hope', contract('x', { predictedGain: 3 }), 'Too big: expected number to be <=1'],
    ['no template', contract({ text: 1 }), '"content" has to be the template, as one string.'],
    ['a broken template', contract('{{#turns}}'), '{{#turns}} is never closed with {{/turns}}'],
    ['an unknown name', contract('{{hidden}}'), 'there is no "hidden"'],
    ['what there is', contract({ template: terse }), 'That is what the slot holds already.'],
  ] as const)('is a failed proposal the second time: %s', async ([, answer, problem]) => {
    const { event } = await recorded(view, saying(answer));
    expect(server?.requests.length).toBe(2);
    if (event.type !== 'ProposalFailed') throw new Error('it was usable');
    expect(event.data).toMatchObject({
      kind: 'invalid',
      error: { code: 'PROPOSAL_INVALID', retryable: false },
    });
    expect(event.data.error.message).toContain(
      'What the model proposed is not usable, and its second answer is not either (220 tokens): ',
    );
    expect(event.data.error.message).toContain(problem);
  });

  it('is one that was given before, with what came of it', async () => {
    const { event } = await recorded(
      viewOf('prompt', { template: terse }, [pastOf({ template: 'New' }, 'discarded')]),
      saying(contract('New')),
    );
    expect(event.data).toMatchObject({
      error: { message: expect.stringContaining('Exactly that was proposed before, and it was discarded.') },
    });
  });
});

describe('a model that fails', () => {
  const view = viewOf('prompt', { template: terse });
  const failure = async (asked: Asked) => {
    const { event } = await recorded(view, asked);
    if (event.type !== 'ProposalFailed') throw new Error('it was usable');
    const { kind, error } = event.data;
    return { kind, code: error.code, retryable: error.retryable, asked: server?.requests.length };
  };

  it('is a crash with the reason, and nothing is asked again', async () => {
    const crash = { kind: 'crash', asked: 1 };
    const busy = { ...crash, code: 'GENERATOR_FAILED', retryable: true };
    expect(await failure({ fault: () => ({ status: 429, body: 'busy' }) })).toEqual(busy);
    expect(await failure({ fault: () => ({ status: 503, body: 'down' }) })).toEqual(busy);
    expect(await failure({ fault: () => 'silence', spec: { timeoutMs: 50 } })).toEqual(busy);
    const refused = { ...crash, code: 'MODEL_REFUSED', retryable: false };
    expect(await failure({ fault: () => ({ status: 400, body: 'no' }) })).toEqual(refused);
  });

  it('is over its budget where both answers together take more than a proposal may', async () => {
    const over = { kind: 'over_budget', code: 'PROPOSER_FAILED', retryable: true };
    expect(await failure({ ...saying('nothing'), tokensMax: 109 })).toEqual({ ...over, asked: 1 });
    expect(await failure({ ...saying('nothing'), tokensMax: 219 })).toEqual({ ...over, asked: 2 });
    expect((await failure({ ...saying('nothing'), tokensMax: 220 })).kind).toBe('invalid');
  });

  it('never has its key recorded, not even by a service that quotes it', async () => {
    process.env['REFLECTOR_TEST_KEY'] = 'a-secret-key';
    try {
      const asked = { spec: { apiKeyVariable: 'REFLECTOR_TEST_KEY' } };
      const { event } = await recorded(view, { ...asked, apiKey: 'another' });
      expect(event).toMatchObject({ type: 'ProposalFailed', data: { error: { code: 'MODEL_REFUSED' } } });
      expect(JSON.stringify(event)).not.toContain('a-secret-key');
      const proposer = await reflector({ ...asked, apiKey: 'a-secret-key' });
      expect((await proposer.propose(view, 's', never)).content).toEqual({ template: told });
      expect(JSON.stringify(recordedProposer(proposer))).not.toContain('a-secret-key');
    } finally {
      delete process.env['REFLECTOR_TEST_KEY'];
    }
  });
});

describe('on the command line', () => {
  it('a reflector has a model and slots; a sitting goes on with the same, whatever becomes of the file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pawl-reflector-'));
    const file = join(directory, 'model.json');
    await writeFile(file, '{"baseURL":"http://127.0.0.1:9/v1","model":"m","temperature":0.5}');
    const limits = { secondsMax: 5, tokensMax: 1000 };
    const proposer = await createProposer(`reflector:slots=prompt ${file}`, limits);
    await rm(directory, { recursive: true });
    const known = recordedProposer(proposer);
    expect(known).toMatchObject({ name: 'reflector:m', version: 1, slots: ['prompt'] });
    expect(known.config).toMatchObject({ model: 'm', temperature: 0.5, deterministic: false, ...limits });
    expect(recordedProposer(await recreateProposer(known))).toEqual(known);
    const all = await createProposer('reflector:{"baseURL":"http://127.0.0.1:9/v1","model":"m"}', limits);
    expect(all.slots).toEqual(['prompt', 'strategy', 'generator']);
    await expect(createProposer('reflector', limits)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(createProposer(`reflector:slots=gate {}`, limits)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
