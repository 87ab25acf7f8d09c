import { isPawlError, messageOf, PawlError } from '../../../src/kernel/pawl-error.ts';

/**
 * Why an image could not be made or fetched. Registries answer through the engine, whose status says little about why, so here
 * the words decide.
 *
 * @param doing what was not possible, as the middle of a sentence: `could not be pulled`
 * @param usual the code where the words say nothing that is known
 */
export function imageFailure(
  reference: string,
  doing: string,
  cause: unknown,
  usual: 'SANDBOX_FAILED' | 'IMAGE_UNUSABLE',
): PawlError {
  const words = messageOf(cause).trim();
  const make = (code: PawlError['code'], why: string): PawlError =>
    new PawlError(code, `${reference} ${doing}${why}: ${words}`, { context: { image: reference }, cause });
  if (isPawlError(cause, 'ENGINE_DISK_FULL') || /no space left on device/i.test(words))
    return make('ENGINE_DISK_FULL', ', because the disk of the engine is full');
  if (/dial tcp|no such host|i\/o timeout|TLS handshake|connection re(fused|set)/i.test(words))
    return make('SANDBOX_FAILED', ', because the engine does not reach the registry');
  if (/denied|unauthorized|authentication required|forbidden/i.test(words))
    return make('IMAGE_DENIED', ', because the registry refuses');
  if (/manifest unknown|manifest for .* not found|no such image|repository .*not found/i.test(words))
    return make('IMAGE_MISSING', ', because the registry does not have it');
  return make(usual, '');
}
