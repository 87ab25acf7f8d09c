import type { CalledLanguage, Language } from '../../src/events/task-view.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Sandbox } from '../sandbox.ts';
import { createWorkerPool, type EngineSpec } from './worker-pool.ts';

export interface WasmSandboxOptions {
  /** Executions at the same time, at least 1; each takes a core. */
  readonly workers: number;
  /** Which languages to offer; all when absent. */
  readonly languages?: readonly CalledLanguage[];
}

/** The embedded interpreters and what their threads may use. */
export const engineSpecs: Readonly<Record<CalledLanguage, EngineSpec>> = {
  javascript: {
    url: new URL('./javascript/engine.ts', import.meta.url).href,
    limits: { heapMb: 256, stackMb: 64 },
  },
  python: {
    url: new URL('./python/engine.ts', import.meta.url).href,
    limits: { heapMb: 512, stackMb: 64 },
  },
};

/**
 * The embedded driver: interpreters compiled to WebAssembly, each in its own worker thread. Nothing to install and no
 * process to start; the candidate sees neither the host's files, network, clock nor entropy.
 */
export function createWasmSandbox(options: WasmSandboxOptions): Sandbox {
  if (!Number.isInteger(options.workers) || options.workers < 1) {
    throw new PawlError('USAGE', `A sandbox needs at least one worker, not ${options.workers}.`);
  }
  const languages: readonly CalledLanguage[] =
    options.languages ?? (Object.keys(engineSpecs) as CalledLanguage[]);
  const pool = createWorkerPool(
    options.workers,
    Object.fromEntries(languages.map((language) => [language, engineSpecs[language]])),
  );
  const isOffered = (language: Language): boolean => languages.some((offered) => offered === language);
  const refuse = (language: Language): PawlError =>
    new PawlError(
      'SANDBOX_LANGUAGE',
      `This sandbox does not run ${language}.${language === 'command' ? ' Commands need a container: --sandbox docker.' : ''}`,
      { context: { language } },
    );
  return {
    languages,
    fingerprint: async (language) => {
      if (!isOffered(language)) throw refuse(language);
      return pool.fingerprint(language);
    },
    execute: async (request, signal) => {
      if (!isOffered(request.language)) throw refuse(request.language);
      if (request.tests.kind === 'commands') throw refuse('command');
      return pool.execute(request, signal);
    },
    close: () => pool.close(),
  };
}
