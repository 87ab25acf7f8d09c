/**
 * Type, message and stack of anything thrown, without calling what the candidate defined: data properties only, so a
 * getter or `toString` that loops or throws is never run. Standard errors keep their names whatever was assigned to them.
 */
(p, render) => {
  const natives = [
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    InternalError,
    AggregateError,
    Error,
  ];
  const prototypes = p.list();
  const names = p.list();
  for (let index = 0; index < natives.length; index += 1) {
    prototypes[index] = natives[index].prototype;
    names[index] = natives[index].name;
  }
  const chainMax = 50;

  const nativeName = (holder) => {
    for (let index = 0; index < prototypes.length; index += 1)
      if (prototypes[index] === holder) return names[index];
    return null;
  };
  const textOf = (error, key) => {
    let holder = error;
    for (let depth = 0; holder !== null && depth < chainMax; depth += 1) {
      if (key === 'name') {
        const native = nativeName(holder);
        if (native !== null) return native;
      }
      const descriptor = p.getOwnPropertyDescriptor(holder, key);
      if (descriptor !== undefined) return typeof descriptor.value === 'string' ? descriptor.value : null;
      holder = p.getPrototypeOf(holder);
    }
    return null;
  };
  const plainMessage = (thrown) => {
    try {
      return render(thrown);
    } catch {
      return '[a value that cannot be shown]';
    }
  };
  return (thrown) => {
    if (thrown === null || typeof thrown !== 'object') {
      return {
        __proto__: null,
        type: `thrown ${thrown === null ? 'null' : typeof thrown}`,
        message: plainMessage(thrown),
        stack: '',
      };
    }
    try {
      const type = textOf(thrown, 'name');
      const message = textOf(thrown, 'message');
      return {
        __proto__: null,
        type: type === null ? 'thrown object' : type,
        message: message === null ? (p.isError(thrown) ? '' : plainMessage(thrown)) : message,
        stack: textOf(thrown, 'stack') ?? '',
      };
    } catch {
      return { __proto__: null, type: 'thrown object', message: '[a value that cannot be shown]', stack: '' };
    }
  };
};
