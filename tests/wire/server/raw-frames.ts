import type { ServiceDefinition } from '@grpc/grpc-js';

/**
 * The same service, which also takes answers that are bytes already: events are encoded once, when they are stored, and a fault
 * can send what is no message at all.
 */
export function withRawFrames<Service extends ServiceDefinition>(service: Service): Service {
  const methods = Object.entries(service).map(([name, method]) => {
    const serialize = method.responseSerialize;
    const responseSerialize = (value: unknown): Buffer =>
      value instanceof Uint8Array
        ? Buffer.from(value.buffer, value.byteOffset, value.length)
        : serialize(value);
    return [name, { ...method, responseSerialize }];
  });
  return Object.fromEntries(methods);
}
