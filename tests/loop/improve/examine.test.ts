import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { eventsOfLine, openToyLine, proposeContent, skilled, toyGate } from '../../support/toy-line.ts';

const never = { pause: new AbortController().signal, abort: new AbortController().signal };

describe('the certified gate', () => {
  it('promotes what is better on dev and on held-out items, on both tracks', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services);
    const id = await proposeContent(line, services, { content: skilled('skill:1') });
    expect(await examine(line, services, id, never)).toBe('promoted');
    const types = (await eventsOfLine(services, line)).map(({ type }) => type);
    expect(types).toMatchInlineSnapshot(`
      [
        "ImprovementOpened",
        "GateRegistered",
        "HeldOutOpened",
        "ChampionInstalled",
        "ChampionInstalled",
        "ChampionInstalled",
        "ChangeProposed",
        "GateOpened",
        "CheckFinished",
        "EvaluationRequested",
        "EvaluationRequested",
        "CheckFinished",
        "CheckFinished",
        "HeldOutUsed",
        "HeldOutUsed",
        "CheckFinished",
        "GateDecided",
        "ChallengerPromoted",
        "ChallengerPromoted",
      ]
    `);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
    expect(services.told).toMatchInlineSnapshot(`
      [
        {
          "check": "static",
          "proposal": "01KDVDNA003QXY0D32619QA245",
          "sentence": "Its content is usable, and it is a change.",
          "verdict": "pass",
        },
        {
          "check": "dev",
          "proposal": "01KDVDNA003QXY0D32619QA245",
          "sentence": "On 12 dev items it scores 100 % and the working champion 25 % (better on 9, worse on 0): p = 0.002, within the 0.2 that entry takes.",
          "verdict": "pass",
        },
        {
          "check": "trigger",
          "proposal": "01KDVDNA003QXY0D32619QA245",
          "sentence": "On dev it stands at +75 points against the certified champion: a held-out test would succeed with a probability of about 68.1 %, and 50 % is asked.",
          "verdict": "pass",
        },
        {
          "check": "heldout",
          "proposal": "01KDVDNA003QXY0D32619QA245",
          "sentence": "It is better than the certified champion on held-out items. What is left of alpha is 1/60.",
          "verdict": "pass",
        },
      ]
    `);
  });
});
