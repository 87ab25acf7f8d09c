/** Thrown by every stand-in; names what was reached for. */
export class AmbientAccess extends Error {
  override readonly name = 'AmbientAccess';

  constructor(what: string) {
    super(`${what} is ambient state: a pure room gets time, chance and effects as data`);
  }
}
