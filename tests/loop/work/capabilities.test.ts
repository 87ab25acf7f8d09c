import { expect, it } from 'vitest';
import { capabilitySchema } from '../../../src/events/work.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import {
  interpreterCapabilities,
  modelCapability,
  needsOf,
  unmetNeeds,
} from '../../../src/loop/work/capabilities.ts';
import { containerFingerprint } from '../../support/container-fingerprint.ts';
import { scriptedFingerprint } from '../../support/scripted-sandbox.ts';

const wasm = { ...scriptedFingerprint, driver: 'wasm' };
const python = { ...wasm, language: 'python' };

it('a run needs the drivers and languages that it began with, and its model', () => {
  const repair = { name: 'repair', version: 1, config: {} };
  expect(needsOf({ sandbox: [wasm], generator: repair })).toEqual(['language:javascript', 'sandbox:wasm']);
  const model = { name: 'model', version: 1, config: { model: 'qwen 3\t8b' } };
  expect(needsOf({ sandbox: [wasm, python], generator: model })).toEqual([
    'language:javascript',
    'language:python',
    'model:qwen_3_8b',
    'sandbox:wasm',
  ]);
});

it('a run in containers needs a worker with the same isolation and the same image', () => {
  const container = containerFingerprint('batch');
  const docker = { ...python, driver: 'docker', moduleDigest: sha256Hex('image'), container };
  const repair = { name: 'repair', version: 1, config: {} };
  const needs = needsOf({ sandbox: [docker], generator: repair });
  expect(needs).toEqual(['image:6105d6cc76af', 'isolation:batch', 'language:python', 'sandbox:docker']);
  const fresh = { ...docker, container: containerFingerprint('execution') };
  expect(unmetNeeds(needs, interpreterCapabilities([fresh]))).toEqual(['isolation:batch']);
  expect(unmetNeeds(needs, interpreterCapabilities([docker]))).toEqual([]);
});

it('whatever a model is called, an event can hold what the run needs', () => {
  expect(capabilitySchema.safeParse(modelCapability(' \n'.repeat(300))).success).toBe(true);
});

it('a worker is suitable when nothing is missing', () => {
  const has = interpreterCapabilities([wasm, python]);
  expect(unmetNeeds(['language:python', 'sandbox:wasm'], has)).toEqual([]);
  expect(unmetNeeds(['language:python', 'model:m', 'sandbox:wasm'], has)).toEqual(['model:m']);
});
