/** Makes every reading of the time in this process one of the virtual clock, which moves only when a timer fires. */
(p, nowMs, elapsedMs) => {
  const RealDate = Date;
  const { construct } = Reflect;
  function VirtualDate(...args) {
    if (new.target === undefined) return new RealDate(nowMs()).toString();
    const given = args.length === 0 ? [nowMs()] : args;
    return construct(RealDate, given, new.target === VirtualDate ? RealDate : new.target);
  }
  const hide = (holder, key, value) =>
    p.defineProperty(holder, key, {
      __proto__: null,
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  hide(VirtualDate, 'name', 'Date');
  hide(VirtualDate, 'length', 7);
  p.defineProperty(VirtualDate, 'prototype', { __proto__: null, value: RealDate.prototype, writable: false });
  hide(VirtualDate, 'now', () => nowMs());
  hide(VirtualDate, 'parse', RealDate.parse);
  hide(VirtualDate, 'UTC', RealDate.UTC);
  hide(RealDate.prototype, 'constructor', VirtualDate);
  hide(globalThis, 'Date', VirtualDate);

  const seconds = () => elapsedMs() / 1000;
  const hrtime = (earlier) => {
    const ns =
      BigInt(Math.round(elapsedMs() * 1e6)) -
      (earlier ? BigInt(earlier[0]) * 1_000_000_000n + BigInt(earlier[1]) : 0n);
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  };
  hrtime.bigint = () => BigInt(Math.round(elapsedMs() * 1e6));
  hide(process, 'hrtime', hrtime);
  hide(process, 'uptime', seconds);
  hide(performance, 'now', () => elapsedMs());
};
