import { unfinishedResult } from '../../sandbox/result/unfinished-result.ts';
import type { BootEngine } from '../../sandbox/wasm/engine.ts';
import { LineEnded } from '../../sandbox/wasm/remote-line.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';

/** An engine that does to its thread what the program says, for testing the pool. */
export const boot: BootEngine = async ({ interrupt }) => ({
  fingerprint: {
    driver: 'wasm',
    language: 'javascript',
    package: 'fixture',
    version: '1.0.0',
    moduleDigest: sha256Hex('fixture'),
    container: null,
  },
  execute: async ({ program, tests }, line) => {
    const ended = (message: string) =>
      unfinishedResult('failed', tests, { type: 'Fixture', message, line: null });
    switch (program) {
      case 'exit':
        return process.exit(3);
      case 'throw':
        throw new TypeError('a defect of the engine');
      case 'hang':
        for (;;);
      case 'until interrupted':
        while (Atomics.load(interrupt, 0) === 0);
        return ended('interrupted');
      case 'fill the heap': {
        const all: unknown[] = [];
        for (;;) all.push({ all: [all.length] });
      }
      case 'nonsense':
        return { outcome: 'splendid' } as never;
      case 'environment':
        return ended(
          JSON.stringify([
            process.env,
            process.argv.slice(2),
            process.execArgv.length < 2,
            process.stdin.readableLength,
          ]),
        );
      case 'ask':
        try {
          const first = line?.ask(Buffer.from('one'));
          return ended(`${Buffer.from(first ?? [])} ${Buffer.from(line?.ask(Buffer.from('two')) ?? [])}`);
        } catch (error) {
          if (!(error instanceof LineEnded)) throw error;
          const { outcome, type, message } = error.end;
          return unfinishedResult(outcome, tests, { type, message, line: null });
        }
      default:
        return ended(program);
    }
  },
});
