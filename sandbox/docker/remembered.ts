/** Asks with a memory; what is asked for by a key that was asked for before is the same promise. */
export interface Remembered<Key, Value> {
  (key: Key): Promise<Value>;
  /** The next one who asks for it lets it be found out again. */
  forget(key: Key): void;
}

/** Asked once for each key; a failure is not remembered. Its users bound the keys: languages, and images of one sandbox. */
export function remembered<Key, Value>(ask: (key: Key) => Promise<Value>): Remembered<Key, Value> {
  const answers = new Map<Key, Promise<Value>>();
  const get = (key: Key): Promise<Value> => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const asked = ask(key);
    answers.set(key, asked);
    asked.catch(() => {
      if (answers.get(key) === asked) answers.delete(key); // another one may have been asked since
    });
    return asked;
  };
  return Object.assign(get, { forget: (key: Key) => void answers.delete(key) });
}
