import { parseGateDefinition } from '../../../gates/definition/gate-definition.ts';
import { workingContent } from '../../../gates/governance/governance.ts';
import type { SlotKind } from '../../events/slots.ts';
import { createGenerator } from '../../generators/registry.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { strategyNamed, strategyRef } from '../../strategies/registry.ts';
import { parsePromptTemplate } from '../prompt-template.ts';
import type { ImprovementLine } from './improvement-line.ts';
import { contentBlob, parseSlotContent } from './slot-content.ts';

/** A change that somebody brings, without having been asked. */
export interface BroughtChange {
  /** A ULID. */
  readonly proposal: string;
  readonly slot: SlotKind;
  readonly content: Json;
  /** `person:ada`. */
  readonly author: string;
  readonly hypothesis: string;
  readonly targetFailure: string;
  readonly predictedGain: number;
  readonly falsifiedBy: string;
}

/**
 * Writes a change contract into a line: made from what the slot holds on the working track. The gate examines it when it is led
 * there.
 *
 * @throws PawlError `SLOT_EMPTY`, `PROPOSAL_INVALID` for content that does not fit or changes nothing, `GATE_INVALID`
 */
export async function propose(line: ImprovementLine, change: BroughtChange): Promise<void> {
  const { slot } = change;
  const parent = workingContent(line.state, slot);
  if (parent === null) {
    const message = `The slot ${slot} of ${line.stream} holds nothing that could be changed.`;
    throw new PawlError('SLOT_EMPTY', message, { context: { slot } });
  }
  if (slot === 'gate') parseGateDefinition(change.content);
  else parseSlotContent(slot, change.content);
  const { blob, ref, hash } = contentBlob(change.content);
  if (hash === parent)
    throw new PawlError('PROPOSAL_INVALID', `The slot ${slot} holds exactly that already.`);
  const { proposal, author, hypothesis, targetFailure, predictedGain, falsifiedBy } = change;
  const usage = { inputTokens: 0, outputTokens: 0 };
  const contract = { author, hypothesis, targetFailure, predictedGain, falsifiedBy, usage };
  const data = { proposal, slot, challenger: hash, content: ref, parent, ...contract };
  await line.append([{ type: 'ChangeProposed', data }], [blob]);
}

/**
 * The content of a slot from what a person writes: a prompt as its text; a generator as its specification; a strategy as
 * `{"name":…,"params":{…}}`; a gate as the settings that change. A whole content is taken as it is.
 *
 * @throws PawlError `PROPOSAL_INVALID`, `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`, `GENERATOR_NOT_FOUND`, `PROMPT_TEMPLATE_INVALID`
 */
export async function contentFromText(line: ImprovementLine, slot: SlotKind, text: string): Promise<Json> {
  const value = jsonOf(text);
  switch (slot) {
    case 'prompt': {
      const template = typeof value?.['template'] === 'string' ? value['template'] : text;
      return { template: parsePromptTemplate(template).text };
    }
    case 'generator': {
      const spec = typeof value?.['spec'] === 'string' ? value['spec'] : text.trim();
      const generator = await createGenerator(spec);
      await generator.close();
      return { spec, ref: generator.ref };
    }
    case 'strategy': {
      const { name, params = {} } = value ?? {};
      if (typeof name !== 'string' || params === null || typeof params !== 'object' || Array.isArray(params))
        throw invalid(slot, 'a JSON object such as {"name":"best-of-n","params":{"candidates":12}}');
      return strategyRef(strategyNamed(name), params as JsonObject);
    }
    case 'gate':
      if (value === null) throw invalid(slot, 'a JSON object with the settings that change');
      return { ...(line.state.gate?.definition ?? {}), ...value } as Json;
    case 'scorer':
      if (value === null) throw invalid(slot, 'a JSON object such as {"name":"tests","version":1}');
      return value;
  }
}

function jsonOf(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    return null;
  }
}

function invalid(slot: SlotKind, wanted: string): PawlError {
  return new PawlError('PROPOSAL_INVALID', `A content for the slot ${slot} is ${wanted}.`, {
    context: { slot },
  });
}
