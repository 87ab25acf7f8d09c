import { z } from 'zod';
import { countSchema, digestSchema } from '../events/shapes.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { cutText } from './cut-text.ts';
import type { EffectContext, PreparedEffect } from './effect-context.ts';
import type { EpisodeData, EpisodeState } from './episode-state.ts';
import { generationRequest } from './generation-request.ts';

/** A program is cut to this; a larger one is rejected. What a model said around it is cut to the same. */
export const programBytesMax = 256 * 1024;
const noteUnitsMax = 500;

/** What a generator must have given; a client that counts no tokens as NaN is found here, not when the event is stored. */
const generatedSchema = z.object({
  program: z.string(),
  parent: digestSchema.optional(),
  completion: z.string().optional(),
  note: z.string(),
  usage: z.object({ inputTokens: countSchema, outputTokens: countSchema }),
});

export async function prepareGeneration(
  requested: EpisodeData<'GenerationRequested'>,
  state: EpisodeState,
  { generator, contents }: EffectContext,
): Promise<PreparedEffect> {
  const { key, parent } = requested;
  const request = await generationRequest(requested, state, contents);
  return async (signal, elapsed) => {
    const parsed = generatedSchema.safeParse(await generator.generate(request, signal));
    if (!parsed.success) {
      const why = z.prettifyError(parsed.error);
      throw new PawlError('GENERATOR_FAILED', `The generator gave no usable candidate: ${why}`);
    }
    const { note, usage, parent: from } = parsed.data;
    // A lone surrogate cannot be stored as UTF-8; replacing it here keeps candidate, digest and blob the same thing.
    const text = parsed.data.program.toWellFormed();
    const program = contents.add(cutText(text, programBytesMax));
    const candidate = program.digest;
    const said = parsed.data.completion?.toWellFormed();
    const completion =
      said === undefined || said === text ? null : contents.add(cutText(said, programBytesMax));
    const reason = rejection(text);
    if (reason !== null) {
      return { type: 'CandidateRejected', data: { key, candidate, reason, program, completion, usage } };
    }
    return {
      type: 'CandidateGenerated',
      data: {
        key,
        origin: 'generated',
        candidate,
        program,
        parent: from !== undefined && from in state.candidates ? from : parent,
        note: cutText(note, noteUnitsMax),
        completion,
        usage,
        volatile: elapsed(),
      },
    };
  };
}

function rejection(text: string): 'empty' | 'too_large' | null {
  if (text.trim() === '') return 'empty';
  return Buffer.byteLength(text) > programBytesMax ? 'too_large' : null;
}
