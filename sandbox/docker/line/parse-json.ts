/** The value that UTF-8 bytes hold, or undefined when they are no JSON text: what a container says is never trusted to be any. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
