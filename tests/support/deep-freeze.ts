/** Freezes a value and all it holds, so that a function that edits what it was given fails where it does so. */
export function deepFreeze<Value>(value: Value): Value {
  // Bytes cannot be frozen; nothing pure is given any that it may change.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
