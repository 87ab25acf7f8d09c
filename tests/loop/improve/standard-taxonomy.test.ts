import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { classifyFailures } from '../../../src/loop/improve/failures/classify-failures.ts';
import { standardTaxonomy } from '../../../src/loop/improve/failures/standard-taxonomy.ts';
import { routes } from '../../../src/loop/improve/routing.ts';
import { finishedEpisode } from '../../support/classified-episode.ts';
import { half, right, saying, wrong } from '../../support/one-episode.ts';
import { ScriptedGenerator } from '../../support/scripted-generator.ts';
import { ScriptedSandbox } from '../../support/scripted-sandbox.ts';
import { farCall, farValue, hiddenMarker, runToy, toyTask } from '../../support/toy-language.ts';

const solved = `${right}${farCall} = ${farValue}\n`;
const chain = { strategy: 'sequential-feedback', params: { candidates: 4 } };
const types = async (session: Parameters<typeof finishedEpisode>[0], given = {}) => {
  const episode = await finishedEpisode(session, given);
  const found = standardTaxonomy.classify(episode);
  const evidence = (found?.evidence ?? []).map((revision) => episode.events[revision]?.type);
  return { class: found?.class ?? null, why: found?.why ?? null, evidence };
};

/** A sandbox in which every public execution ends like this. */
const ending = (over: object) =>
  new ScriptedSandbox({
    fault: ({ program, tests, coverage }) => {
      const isHidden = JSON.stringify(tests).includes(hiddenMarker);
      return isHidden ? null : { result: { ...runToy(program, tests, coverage), ...over }, wallMs: 1 };
    },
  });

describe('the standard taxonomy', () => {
  it('says nothing of a task that was solved', async () => {
    expect(await types({ generator: saying(solved) })).toEqual({ class: null, why: null, evidence: [] });
  });

  it('sees what the public tests accept and the hidden ones refuse', async () => {
    expect(await types({ generator: saying(right) })).toEqual({
      class: 'over-accepted',
      why: 'the public tests accept the answer, the hidden tests refuse it',
      evidence: ['FinalPicked', 'EpisodeFinished'],
    });
  });

  it('sees a generator that has nothing left, and one that fails', async () => {
    const throwing = (code: 'GENERATOR_EXHAUSTED' | 'GENERATOR_UNSUITABLE') =>
      new ScriptedGenerator({ fault: () => new PawlError(code, 'No more of that.') });
    const wanted = { class: 'generator-error', why: 'No more of that.' };
    expect(await types({ generator: throwing('GENERATOR_EXHAUSTED') })).toMatchObject(wanted);
    expect(await types({ generator: throwing('GENERATOR_UNSUITABLE') })).toMatchObject({
      ...wanted,
      evidence: ['GenerationFailed', 'FinalPicked'],
    });
  });

  it('sees an answer that does not parse, one that throws, and one that exceeds a limit', async () => {
    const generator = () => saying(wrong, half);
    const error = { type: 'SyntaxError', message: 'Unexpected token', line: 1 };
    expect(await types({ generator: generator(), sandbox: ending({ outcome: 'error', error }) })).toEqual({
      class: 'syntax',
      why: 'SyntaxError: Unexpected token',
      evidence: ['ExecutionFinished', 'FinalPicked'],
    });
    const thrown = { type: 'RangeError', message: 'too deep', line: 2 };
    expect(
      await types({ generator: generator(), sandbox: ending({ outcome: 'error', error: thrown }) }),
    ).toMatchObject({ class: 'runtime-error', why: 'RangeError: too deep' });
    for (const outcome of ['timeout', 'out_of_memory', 'output_limit'])
      expect(await types({ generator: saying(`! ${outcome}\n`) })).toMatchObject({
        class: 'timeout',
        why: outcome,
      });
  });

  it('takes tests that all end in an exception for a runtime error, and one wrong value for a wrong answer', async () => {
    const test = (status: string, exception: object | null) => ({
      ...{ id: 'a', status, input: 'f(0)', expected: '0', actual: '8', exception, steps: 1, covered: null },
    });
    const thrown = test('error', { type: 'TypeError', message: 'x is null', line: 1 });
    const failing = ending({ outcome: 'failed', tests: [thrown] });
    expect(await types({ generator: saying(wrong), sandbox: failing })).toMatchObject({
      ...{ class: 'runtime-error', why: 'f(0): TypeError: x is null' },
    });
    const mixed = ending({ outcome: 'failed', tests: [test('failed', null), thrown] });
    expect(await types({ generator: saying(wrong), sandbox: mixed })).toMatchObject({
      ...{ class: 'wrong-answer', why: 'f(0): expected 0, got 8' },
    });
  });

  it('sees a search that only repeats itself', async () => {
    expect(await types({ generator: saying(wrong, wrong, wrong, wrong) }, { ...chain })).toEqual({
      class: 'repetition',
      why: '3 of 4 proposals repeat an earlier one',
      evidence: ['CandidateRejected', 'CandidateRejected', 'CandidateRejected'],
    });
  });

  it('sees a budget that ends while the score still rises', async () => {
    const worse = 'f(0) = 7\nf(1) = 7\n';
    expect(await types({ generator: saying(wrong, worse, 'f(0) = 6\nf(1) = 6\n', half) }, chain)).toEqual({
      class: 'budget',
      why: 'the public score still rose with candidate 4 of 4, to 50 % of the public tests',
      evidence: ['CandidateScored', 'FinalPicked'],
    });
  });

  it('sees an answer that feedback did not change, also where only its layout did', async () => {
    const worse = ['f(0) = 7\nf(1) = 7\n', 'f(0) = 6\nf(1) = 6\n', 'f(0) = 5\nf(1) = 5\n'];
    expect(await types({ generator: saying(wrong, ...worse) }, chain)).toEqual({
      class: 'friction',
      why: 'the answer did not change under feedback (given 3×)',
      evidence: ['CandidateGenerated', 'FeedbackComposed', 'FinalPicked'],
    });
  });

  it('calls what is left a wrong answer', async () => {
    const generator = saying(wrong, half, 'f(0) = 6\nf(1) = 6\n', 'f(0) = 5\nf(1) = 5\n');
    expect(await types({ generator }, { ...chain, params: { candidates: 4 } })).toMatchObject({
      class: 'wrong-answer',
      why: 'f(1): expected 1, got 9',
    });
  });

  it('is shown nothing of hidden tests but whether they pass', async () => {
    const episode = await finishedEpisode({ generator: saying(right) });
    expect(JSON.stringify([...episode.results.values()])).not.toContain(hiddenMarker);
    expect(episode.results.size).toBe(1);
  });

  it('has a route for each of its classes', () => {
    expect(Object.keys(routes).sort()).toEqual([...standardTaxonomy.classes].sort());
  });
});

it('counts classes, the most frequent first, and lists every failed task', async () => {
  const episodes = [
    await finishedEpisode({ generator: saying(half, wrong) }, { tasks: [toyTask('a', 2)] }),
    await finishedEpisode({ generator: saying(right) }, { tasks: [toyTask('b', 2)] }),
    await finishedEpisode({ generator: saying(right) }, { tasks: [toyTask('c', 2)] }),
    await finishedEpisode({ generator: saying(solved) }, { tasks: [toyTask('d', 2)] }),
  ];
  const { cases, ...counts } = classifyFailures(episodes, standardTaxonomy);
  expect(counts).toEqual({
    ...{ tasks: 4, failed: 3 },
    classes: [
      { name: 'over-accepted', count: 2 },
      { name: 'wrong-answer', count: 1 },
    ],
  });
  expect(cases.map(({ task, class: name }) => `${task} ${name}`)).toEqual([
    ...['a wrong-answer', 'b over-accepted', 'c over-accepted'],
  ]);
});
