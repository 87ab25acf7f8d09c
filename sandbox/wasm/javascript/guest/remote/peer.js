/**
 * One end of the line; both ends are the same. A request is answered by `return`, `throw`, or by a request the other way,
 * which is served first. Every message carries what both sides share (clock, timers, steps), the records of what it
 * mentions, and the promises of its side that have settled.
 *
 * On the tests' side an answer to a question that changes nothing (what a property is, what a value is as a primitive) is
 * kept, and given again, until a test has something run over there: what is compared is fixed before it is compared.
 *
 * A message: `[kind, shared, records, settled, …values]`.
 */
(p, parts, side) => {
  const { parse } = JSON;
  const { construct, get, set, has } = Reflect;
  const named = parts.named(p);
  const entries = parts.entries(p, side.kindOf, side.firstId, side.keepsFunctionsHome);
  const newWriter = parts.writeValues(p, named, entries);
  const isFixing = side.isGuarded === true;
  const answersMax = 50_000;
  let version = 0;
  let answers = new p.Map();
  let answersCount = 0;
  const changed = () => {
    version += 1;
    if (answersCount > 0) answers = new p.Map();
    answersCount = 0;
  };

  const link = {
    __proto__: null,
    version: () => version,
    isFixing,
    isTheirs: entries.isTheirs,
    read: (kind, values) => (isFixing ? read(kind, values) : requestAll(kind, values)[0]),
    request: (kind, values) => requestAll(kind, values)[0],
    requestAll: (kind, values) => requestAll(kind, values),
  };
  const reader = parts.readValues(p, named, entries, link, parts.standIns(p, link));

  /** What a message says that the other side does not know yet, and its values. */
  const composeParts = (values) => {
    const writer = newWriter();
    const outcomes = entries.takeOutcomes();
    try {
      let text = '';
      for (let index = 0; index < values.length; index += 1) text += `,${writer.value(values[index])}`;
      let settled = '';
      for (let index = 0; index < outcomes.length; index += 1) {
        const { entry, fulfilled, value } = outcomes[index];
        settled += `${index === 0 ? '' : ','}[${entry.id},${fulfilled},${writer.value(value)}]`;
      }
      const records = writer.records();
      return { __proto__: null, text, news: `${records},[${settled}]` };
    } catch (error) {
      writer.abandon();
      throw error;
    }
  };
  const joined = (kind, { text, news }) => `["${kind}",${side.writeShared()},${news}${text}]`;
  const compose = (kind, values) => joined(kind, composeParts(values));
  const reply = (kind, values, touched) => {
    try {
      // Arguments come along only to say what has become of them.
      if (touched === null) return compose(kind, values);
      const all = [values[0]];
      for (let index = 0; index < touched.length; index += 1)
        if (typeof touched[index] === 'object' && touched[index] !== null) all[all.length] = touched[index];
      return compose(kind, all);
    } catch (error) {
      try {
        return compose('throw', [error]);
      } catch {
        return compose('throw', [new p.TypeError('The value cannot be passed')]);
      }
    }
  };
  const open = (text) => {
    const message = parse(text);
    side.readShared(message[1]);
    reader.records(message[2]);
    const settled = message[3];
    for (let index = 0; index < settled.length; index += 1) {
      const entry = entries.get(settled[index][0]);
      if (entry === undefined || entry.resolve === null) continue;
      const value = reader.value(settled[index][2]);
      if (settled[index][1]) entry.resolve(value);
      else entry.reject(value);
    }
    const values = [];
    for (let index = 4; index < message.length; index += 1) values[index - 4] = reader.value(message[index]);
    return { __proto__: null, kind: message[0], values };
  };
  const ownOf = (object) => {
    const keys = p.ownKeys(object);
    const flat = [];
    for (let index = 0; index < keys.length; index += 1) {
      const descriptor = p.getOwnPropertyDescriptor(object, keys[index]);
      if (descriptor === undefined) continue;
      const isData = 'value' in descriptor;
      const at = flat.length;
      flat[at] = keys[index];
      flat[at + 1] = (descriptor.enumerable ? 1 : 0) + (isData ? 0 : 2);
      flat[at + 2] = isData ? descriptor.value : undefined;
    }
    return flat;
  };
  const perform = (kind, values) => {
    switch (kind) {
      case 'get':
        return get(values[0], values[1], values[2]);
      case 'set':
        return set(values[0], values[1], values[2], values[3]);
      case 'has':
        return has(values[0], values[1]);
      case 'delete':
        return p.deleteProperty(values[0], values[1]);
      case 'define':
        return p.defineProperty(values[0], values[1], values[2]);
      case 'primitive':
        return toPrimitive(values[0], values[1]);
      default:
        return side.perform(kind, values);
    }
  };
  const toPrimitive = parts.toPrimitive(p);
  const rest = (values) => {
    const args = [];
    for (let index = 2; index < values.length; index += 1) args[index - 2] = values[index];
    return args;
  };
  const serve = ({ kind, values }) => {
    const touched = kind === 'call' || kind === 'new' || kind === 'get' || kind === 'set' ? values : null;
    try {
      if (side.isGuarded && !entries.isGiven(values[0]))
        throw new p.TypeError('The candidate was not given that');
      if (kind === 'own') return reply('return', ownOf(values[0]), null);
      if (kind === 'call') return reply('return', [p.apply(values[0], values[1], rest(values))], touched);
      if (kind === 'new') return reply('return', [construct(values[0], rest(values), values[1])], touched);
      return reply('return', [perform(kind, values)], touched);
    } catch (error) {
      return reply('throw', [error], touched);
    }
  };
  /** Ends with a message of kind `return` or `throw`. */
  const exchange = (text, isRead) => {
    let message = open(side.exchange(text));
    for (;;) {
      if (message.kind === 'return' || message.kind === 'throw') return message;
      if (message.kind === 'stop') side.stop(message.values[0]);
      if (!isRead) changed();
      message = open(side.exchange(serve(message)));
    }
  };
  const valuesOf = ({ kind, values }) => {
    if (kind === 'throw') throw side.caught(values[0]);
    return values;
  };
  const requestAll = (kind, values) => {
    const isRead = kind === 'own';
    if (!isRead) changed();
    return valuesOf(exchange(compose(kind, values), isRead));
  };
  const read = (kind, values) => {
    const composed = composeParts(values);
    const question = `${kind}${composed.text}`;
    const known = composed.news === '[],[]' ? p.mapGet(answers, question) : undefined;
    if (known !== undefined) return valuesOf(known)[0];
    const message = exchange(joined(kind, composed), true);
    if (answersCount >= answersMax) throw new p.TypeError('Too much is asked of one answer');
    answersCount += 1;
    p.mapSet(answers, question, message);
    return valuesOf(message)[0];
  };
  return { __proto__: null, link, open, serve, reply, compose, hasOutcomes: entries.hasOutcomes };
};
