import type { Sandbox } from '../../../../sandbox/sandbox.ts';
import type { Fingerprint } from '../../../events/run.ts';
import type { Generator } from '../../../generators/generator.ts';
import type { StreamName } from '../../../kernel/brand.ts';
import type { IdSource } from '../../../kernel/id-source.ts';
import type { Suite } from '../../../tasks/suite.ts';
import type { Environment } from '../../current-environment.ts';
import type { LineServices } from '../improvement-line.ts';

/** How far an evaluation has come; of held-out items only how many, never how they went. */
export interface EvaluationProgress {
  readonly purpose: 'optimize' | 'dev' | 'heldout' | 'final';
  readonly side: 'challenger' | 'champion';
  readonly proposal: string | null;
  readonly run: StreamName;
  readonly done: number;
  readonly count: number;
}

/** What may be watched while an examination goes on. */
export interface CheckProgress {
  readonly proposal: string;
  readonly check: string;
  readonly verdict: 'pass' | 'block' | 'skip' | 'inconclusive';
  readonly sentence: string;
}

/** All that opening, evaluating and examining work with; nothing else is reached for. */
export interface GateServices extends LineServices {
  readonly ids: IdSource;
  readonly sandbox: Sandbox;
  /** Episodes that are worked on at a time. */
  readonly concurrency: number;
  loadSuite(spec: string): Promise<Suite>;
  createGenerator(spec: string): Promise<Generator>;
  environment(interpreters: readonly Fingerprint[]): Environment;
  /** Where files of own checks are looked for: the directory of the definition. */
  readonly checksDirectory: string;
  onEvaluation(progress: EvaluationProgress): void;
  onCheck(progress: CheckProgress): void;
}
