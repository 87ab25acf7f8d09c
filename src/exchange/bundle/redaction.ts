import { z } from 'zod';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { BlobRef } from '../../events/shapes.ts';
import { blobRefsOf } from '../../ledger/blob-refs.ts';

/** What can be withheld from a bundle: kinds of blobs. Records are never withheld, or nothing could be proved of them. */
export const redactable = [
  'tasks',
  'hidden-tests',
  'prompts',
  'programs',
  'completions',
  'outputs',
  'hidden-outputs',
  'feedback',
  'sources',
  'contents',
  'views',
  'evidence',
  'other',
] as const;
/** Those that there are in a bundle of a run; the others are texts of lines of improvement. */
export const redactableOfRuns = redactable.filter(
  (kind) => kind !== 'contents' && kind !== 'views' && kind !== 'evidence',
);
export const redactableSchema = z.enum(redactable);
export type Redactable = z.infer<typeof redactableSchema>;

/** For help texts and reports. */
export const redactableMeaning: Readonly<Record<Redactable, string>> = {
  tasks: 'problem statements with their public tests',
  'hidden-tests': 'tests that only grade',
  prompts: 'what generators were told, and the templates of it',
  programs: 'candidates',
  completions: 'what models answered, word for word',
  outputs: 'results of executions against public tests',
  'hidden-outputs': 'results of executions against hidden tests',
  feedback: 'what was said about a candidate',
  sources: 'rows of another tool that a run was imported from',
  contents: 'what slots hold: configurations, challengers, gates',
  views: 'what proposers were shown, and how failures were classified',
  evidence: 'what checks decided from: outcomes item by item',
  other: 'content of kinds that this list does not name',
};

/** A text that quotes what is withheld would give it away. */
const quotedIn: Readonly<Record<Redactable, readonly Redactable[]>> = {
  tasks: ['prompts', 'completions', 'outputs', 'feedback', 'sources', 'views'],
  'hidden-tests': ['hidden-outputs', 'sources'],
  prompts: ['completions', 'sources', 'views'],
  programs: ['prompts', 'completions', 'sources', 'views'],
  completions: ['sources'],
  outputs: ['hidden-outputs', 'feedback', 'sources', 'views'],
  'hidden-outputs': ['sources'],
  feedback: ['prompts', 'sources', 'views'],
  sources: [],
  contents: ['prompts', 'views'],
  // A model may answer with what it was shown.
  views: ['contents'],
  evidence: [],
  other: [],
};

/** The kinds asked for and, again and again, those that quote them; in the order of `redactable`. */
export function withQuotes(asked: readonly Redactable[]): readonly Redactable[] {
  const all = new Set<Redactable>();
  const add = (kind: Redactable): void => {
    if (all.has(kind)) return;
    all.add(kind);
    for (const quoting of quotedIn[kind]) add(quoting);
  };
  for (const kind of asked) add(kind);
  return redactable.filter((kind) => all.has(kind));
}

/** A blob and what it is by the event that refers to it. No kinds: names and digests, never withheld. */
export interface BlobUse {
  readonly ref: BlobRef;
  readonly kinds: readonly Redactable[];
}

/** Every blob an event refers to. A kind of event that is not known here is withheld as `other`, not let through. */
export function blobUsesOf(event: AnyRecordedEvent): readonly BlobUse[] {
  switch (event.type) {
    case 'SuiteRegistered':
      return [{ ref: event.data.manifest, kinds: [] }];
    case 'SplitFrozen':
      return [{ ref: event.data.members, kinds: [] }];
    case 'BlobErased':
      return [];
    case 'RunStarted': {
      const { prompt } = event.data;
      return prompt === null ? [] : [{ ref: prompt, kinds: ['prompts'] }];
    }
    case 'EpisodeStarted': {
      const { view, hidden, source } = event.data;
      const uses: BlobUse[] = [
        { ref: view, kinds: ['tasks'] },
        { ref: hidden, kinds: ['hidden-tests'] },
      ];
      return source === null ? uses : [...uses, { ref: source, kinds: ['sources'] }];
    }
    case 'GenerationRequested':
      return [{ ref: event.data.prompt, kinds: ['prompts'] }];
    case 'CandidateGenerated': {
      // The program that a task hands out is a part of the task.
      const { program, origin, completion } = event.data;
      const kinds: Redactable[] = origin === 'given' ? ['programs', 'tasks'] : ['programs'];
      return [{ ref: program, kinds }, ...completionUse(completion)];
    }
    case 'CandidateRejected':
      return [{ ref: event.data.program, kinds: ['programs'] }, ...completionUse(event.data.completion)];
    case 'ExecutionFinished': {
      const { result, tests } = event.data;
      return [{ ref: result, kinds: [tests === 'hidden' ? 'hidden-outputs' : 'outputs'] }];
    }
    case 'ProposalRequested':
      return [{ ref: event.data.view, kinds: ['views'] }];
    case 'FailuresClassified':
      return [{ ref: event.data.cases, kinds: ['views'] }];
    case 'ChampionInstalled':
    case 'ChangeProposed':
      return [
        {
          ref: event.data.content,
          kinds: event.data.slot === 'prompt' ? ['contents', 'prompts'] : ['contents'],
        },
      ];
    case 'HeldOutOpened':
    case 'FinalTestOpened':
      return [{ ref: event.data.items, kinds: [] }];
    case 'CheckFinished':
    case 'FinalTestFinished':
      return [{ ref: event.data.evidence, kinds: ['evidence'] }];
    case 'FeedbackComposed':
      return [{ ref: event.data.text, kinds: ['feedback'] }];
    default:
      return blobRefsOf(event.data).map((ref) => ({ ref, kinds: ['other'] }));
  }
}

function completionUse(ref: BlobRef | null): readonly BlobUse[] {
  return ref === null ? [] : [{ ref, kinds: ['completions'] }];
}
