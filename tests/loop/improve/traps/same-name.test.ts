import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src/kernel/brand.ts';
import { openMemoryStore } from '../../../../src/ledger/stores/memory.ts';
import { examine } from '../../../../src/loop/improve/examine/examine.ts';
import { rollBack } from '../../../../src/loop/improve/examine/roll-back.ts';
import type { ImprovementLine } from '../../../../src/loop/improve/improvement-line.ts';
import { problemsIn } from '../../../support/forced-line.ts';
import { neverStops as never } from '../../../support/toy-improvement.ts';
import { openToyLine, proposeContent, skilled, toyGate } from '../../../support/toy-line.ts';

interface Rule {
  readonly name: string;
  readonly text: string;
}

/** What loops do that install and revert by name: a directory of files, and the file that was there before. */
class NaiveRegistry {
  readonly #installed = new Map<string, string>();
  readonly #before = new Map<string, string | undefined>();

  promote({ name, text }: Rule): void {
    this.#before.set(name, this.#installed.get(name));
    this.#installed.set(name, text);
  }

  revert(name: string): void {
    const before = this.#before.get(name);
    if (before === undefined) this.#installed.delete(name);
    else this.#installed.set(name, before);
  }

  get deployed(): readonly string[] {
    return [...this.#installed.values()];
  }
}

// Three contents, and every author calls his own "retry-rule".
const specs = ['skill:0.5', 'skill:0.75', 'skill:1'] as const;
const rules: readonly Rule[] = specs.map((text) => ({ name: 'retry-rule', text }));

describe('different contents under one name', () => {
  it('erase each other in a loop that goes by names, and a revert loses or resurrects the wrong one', () => {
    const naive = new NaiveRegistry();
    for (const rule of rules) naive.promote(rule);
    expect(naive.deployed).toEqual(['skill:1']);
    // The first turns out to be harmful: out with "retry-rule". What goes is the last one, which was fine.
    naive.revert('retry-rule');
    expect(naive.deployed).toEqual(['skill:0.75']);
    // Once more, to be sure: nothing changes, and what was there at first is beyond reach.
    naive.revert('retry-rule');
    expect(naive.deployed).toEqual(['skill:0.75']);
  });

  it('are three contents here: promotions stack, and each can be gone back to by its hash', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    // A generous alpha, so that three promotions in a row are possible on sixteen items.
    const line = await openToyLine(services, { gate: { alpha: '1/2', promoteShare: '1/2', mdeMax: 0.95 } });
    const hashes: Digest[] = [line.state.baseline.generator as Digest];
    for (const { name, text } of rules.slice(1)) {
      // The name is a part of the content, and the same in all.
      const content = skilled(text);
      const id = await proposeContent(line, services, { content, author: `person:${name}` });
      const parent = line.state.working.generator;
      expect(await examine(line, services, id, never)).toBe('promoted');
      expect(line.state.proposals[id]?.parent).toBe(parent);
      hashes.push(line.state.certified.generator as Digest);
    }
    expect(new Set(hashes).size).toBe(3);
    expect(await deployed(line)).toBe('skill:1');
    const back = (to: Digest) =>
      rollBack(line, { slot: 'generator', to, reason: 'Harmful.', by: 'person:ada' });
    await back(hashes[1] as Digest);
    expect(await deployed(line)).toBe('skill:0.75');
    await back(hashes[0] as Digest);
    expect(await deployed(line)).toBe('skill:0.25');
    await back(hashes[2] as Digest);
    expect(await deployed(line)).toBe('skill:1');
    const held = (line.state.history.generator ?? []).flatMap(({ champion, track }) =>
      track === 'working' ? [] : [champion],
    );
    expect(held).toEqual([0, 1, 2, 1, 0, 2].map((place) => hashes[place]));
    expect(await problemsIn(services.ledger)).toEqual([]);
  });
});

async function deployed(line: ImprovementLine): Promise<string> {
  const { generator } = line.state.certified;
  return (JSON.parse(await line.text(generator as Digest)) as { readonly spec: string }).spec;
}
