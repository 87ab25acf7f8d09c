import type { APICallError } from 'ai';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

const quotedCharactersMax = 300;
/** Beside these, what is wrong with a request is wrong with it the next time as well. */
const passing: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** What a failed call of a model service comes to: `GENERATOR_FAILED` where another attempt may help, else `MODEL_REFUSED`. */
export function modelFailure(error: APICallError, service: string, key: string | null): PawlError {
  const { statusCode, responseBody } = error;
  const context = { service, status: statusCode ?? null };
  const failed = (message: string): PawlError =>
    new PawlError('GENERATOR_FAILED', hidden(message, key), { context, cause: error });
  if (statusCode === undefined) {
    return failed(`${service} cannot be reached: ${reasonOf(error)}. Check that it runs, and the baseURL.`);
  }
  const said = quoted(responseBody ?? '');
  if (statusCode < 400) {
    return failed(`${service} answered with something that is no chat completion${said}. Check the baseURL.`);
  }
  if (passing.has(statusCode) || statusCode >= 500) return failed(`${service} answered ${statusCode}${said}`);
  return new PawlError(
    'MODEL_REFUSED',
    hidden(`${service} refused the request with ${statusCode}${said}. ${adviceFor(statusCode)}`, key),
    { context, cause: error },
  );
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403)
    return 'Check the key that the variable named as apiKeyVariable holds.';
  if (status === 404) return 'Check the baseURL and the name of the model.';
  return 'Check the model, its settings and the length of the prompt.';
}

/** The innermost cause says most: `connect ECONNREFUSED …`. */
function reasonOf(error: unknown): string {
  let innermost = error;
  for (let depth = 0; depth < 5 && innermost instanceof Error && innermost.cause instanceof Error; depth += 1)
    innermost = innermost.cause;
  if (innermost instanceof AggregateError) return messageOf(innermost.errors[0]);
  return messageOf(innermost);
}

function quoted(body: string): string {
  const text = body.replaceAll(/\s+/g, ' ').trim();
  if (text === '') return '';
  const cut = text.length > quotedCharactersMax ? `${text.slice(0, quotedCharactersMax)}…` : text;
  return `: ${cut.toWellFormed()}`;
}

/** Services quote what they were sent; this is recorded, and a key must not be. */
function hidden(message: string, key: string | null): string {
  return key === null ? message : message.replaceAll(key, '[key]');
}
