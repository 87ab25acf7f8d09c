/** Sends one test to the host as JSON text built from quoted primitives: no object of a candidate is ever serialized. */
(p, host, steps, describeError) => {
  let withCoverage = false;
  const keptMax = 10_000;
  let kept = 0;
  const text = (value) => (value === null ? 'null' : p.quote(value));
  return {
    __proto__: null,
    begin(coverage) {
      withCoverage = coverage;
    },
    /** status: passed, failed or error; thrown is the description of what was thrown, or null. */
    test(id, status, input, expected, actual, thrown) {
      kept += 1;
      const counted = steps.take(withCoverage);
      if (kept > keptMax) {
        host.emit(`{"more":${p.quote(status)}}`);
        return;
      }
      const exception =
        thrown === null
          ? 'null'
          : `{"type":${text(thrown.type)},"message":${text(p.stringSlice(thrown.message, 0, 4_000))},"stack":${text(p.stringSlice(thrown.stack, 0, 4_000))}}`;
      host.emit(
        `{"id":${text(id)},"status":"${status}","input":${text(input)},"expected":${text(expected)},"actual":${text(actual)},"exception":${exception},${counted}}`,
      );
    },
    /** What ended loading or the test script itself. */
    failure(where, error) {
      const thrown = describeError(error);
      host.emit(
        `{"failure":${text(where)},"type":${text(thrown.type)},"message":${text(p.stringSlice(thrown.message, 0, 4_000))},"stack":${text(p.stringSlice(thrown.stack, 0, 4_000))}}`,
      );
    },
  };
};
