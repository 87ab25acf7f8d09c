import { messageOf, PawlError } from '../../kernel/pawl-error.ts';
import type { Completion, LanguageModel, ModelRequest } from './language-model.ts';
import { modelFailure } from './model-failure.ts';
import type { ModelSpec } from './model-spec.ts';

const finishReasons: Readonly<Record<string, Completion['finishReason']>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'filtered',
};

/**
 * A model behind any service that speaks the chat-completions protocol. Who answers, and with which settings, is its identity;
 * the key and how long an answer is waited for are not.
 *
 * @param environment where the key is looked up, by the name that the specification gives
 * @throws PawlError `USAGE` where that variable is not set
 */
export async function openLanguageModel(
  { baseURL, model, temperature, maxTokens, apiKeyVariable, timeoutMs }: ModelSpec,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LanguageModel> {
  const key = apiKeyVariable === null ? null : keyIn(environment, apiKeyVariable);
  // Loading the client takes longer than most commands; only who asks a model waits for it.
  const [{ createOpenAICompatible }, { APICallError, generateText }] = await Promise.all([
    import('@ai-sdk/openai-compatible'),
    import('ai'),
  ]);
  const name = 'openai-compatible';
  const provider = createOpenAICompatible({ name, baseURL, ...(key === null ? {} : { apiKey: key }) });
  const client = provider(model);
  const service = `The model service at ${baseURL}`;

  async function complete(request: ModelRequest, signal: AbortSignal): Promise<Completion> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const { text, usage, finishReason } = await generateText({
        model: client,
        prompt: request.prompt,
        ...(request.system === undefined ? {} : { instructions: request.system }),
        ...(temperature === null ? {} : { temperature }),
        seed: request.seed,
        maxOutputTokens: request.tokensMax ?? maxTokens,
        // Every attempt is an event; none is made here.
        maxRetries: 0,
        abortSignal: AbortSignal.any([signal, timeout]),
      });
      return {
        text,
        usage: { inputTokens: count(usage.inputTokens), outputTokens: count(usage.outputTokens) },
        finishReason: finishReasons[finishReason] ?? 'other',
      };
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) {
        const message = `${service} did not answer within ${timeoutMs} ms. Allow more with timeoutMs.`;
        throw new PawlError('GENERATOR_FAILED', message, { context: { timeoutMs }, cause: error });
      }
      if (APICallError.isInstance(error)) throw modelFailure(error, service, key);
      const message = `${service} gave no usable answer: ${messageOf(error)}`;
      throw new PawlError('GENERATOR_FAILED', message, { cause: error });
    }
  }

  const config = { baseURL, model, temperature, maxTokens };
  return { ref: { name, version: 1, config }, complete, close: async () => {} };
}

function keyIn(environment: Readonly<Record<string, string | undefined>>, variable: string): string {
  const key = environment[variable];
  if (key !== undefined && key !== '') return key;
  throw new PawlError(
    'USAGE',
    `The environment variable ${variable}, which is to hold the API key, is not set. Set it, or name another as apiKeyVariable.`,
    { context: { variable } },
  );
}

/** A service may count nothing, or say nothing of it. */
function count(tokens: number | undefined): number {
  return tokens !== undefined && Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : 0;
}
