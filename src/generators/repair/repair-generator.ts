import type { TaskView } from '../../events/task-view.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { GeneratedCandidate, GenerationRequest, Generator } from '../generator.ts';
import { blindOrder, type Proposal } from './blind-order.ts';
import { informedChoice } from './informed-choice.ts';
import { normalizedText } from './normalized-text.ts';
import { type RepairParameters, repairConfig } from './repair-parameters.ts';
import { taskLiterals } from './task-literals.ts';

/**
 * Search-based program repair without a model: proposes small edits of the task's given program. What it is shown decides
 * how: executions localise the fault and tell kinds of edits apart (`informed-choice.ts`); where only "wrong" is said, or
 * nothing, it searches blindly (`blind-order.ts`). A pure function of the request and the parameters; no program is proposed
 * twice in an episode that shows all of it.
 *
 * `generate` rejects with `GENERATOR_UNSUITABLE` for tasks without a given JavaScript program that parses, and with
 * `GENERATOR_EXHAUSTED` when nothing is left to try.
 */
export function createRepairGenerator(parameters: RepairParameters): Generator {
  return {
    ref: { name: 'repair', version: 1, config: repairConfig(parameters) },
    generate: async (request, signal) => {
      signal.throwIfAborted();
      return repair(request, parameters);
    },
    close: async () => {},
  };
}

function repair(request: GenerationRequest, parameters: RepairParameters): GeneratedCandidate {
  const given = givenProgramOf(request.task);
  const proposal = propose(given, request, parameters);
  if (proposal === null) {
    throw new PawlError(
      'GENERATOR_EXHAUSTED',
      `Every edit of the program of task "${request.task.id}" was tried.`,
      {
        context: { task: request.task.id, sample: request.sample },
      },
    );
  }
  const note = proposal.note.slice(0, 500).toWellFormed();
  const usage = { inputTokens: 0, outputTokens: 0 };
  return { program: proposal.program, parent: sha256Hex(proposal.base), note, usage };
}

function givenProgramOf(task: TaskView): string {
  const why =
    task.language !== 'javascript'
      ? `it is in ${task.language}; repair works on JavaScript`
      : 'it hands out no program to repair';
  if (task.language === 'javascript' && task.givenProgram !== null) return task.givenProgram;
  throw new PawlError('GENERATOR_UNSUITABLE', `Task "${task.id}" cannot be repaired: ${why}.`, {
    context: { task: task.id },
  });
}

function propose(given: string, request: GenerationRequest, parameters: RepairParameters): Proposal | null {
  const { task, dialogue, sample, episodeSeed: seed } = request;
  const hints = taskLiterals(task);
  if (dialogue.length === 0) return nth(blindOrder(given, hints, seed, parameters), sample);
  const attempts = dialogue.map(({ program, feedback }) => ({
    program,
    execution: feedback?.execution ?? null,
  }));
  // Several asked for at once, or one that was not kept, leave no turn; without this they would be proposed again.
  const shown = dialogue.filter(({ program }) => program !== given).length;
  const pending = Math.max(0, sample - shown);
  if (attempts.some(({ execution }) => execution !== null)) {
    return informedChoice({ given, hints, seed, parameters }, attempts, pending);
  }
  const tried = new Set(dialogue.map(({ program }) => normalizedText(program)));
  const untried = blindOrder(given, hints, seed, parameters).filter(
    ({ program }) => !tried.has(normalizedText(program)),
  );
  return nth(untried, pending);
}

function nth(proposals: Iterable<Proposal>, index: number): Proposal | null {
  let at = 0;
  for (const proposal of proposals) {
    if (at === index) return proposal;
    at += 1;
  }
  return null;
}
