import { z } from 'zod';
import { filePathSchema } from './file-path.ts';
import { fileTreeProblem } from './file-tree.ts';
import { countSchema } from './shapes.ts';

const textCharsMax = 4 * 1024 * 1024;
/** A program and its arguments as the kernel takes them; no shell reads them. */
const argvSchema = z
  .array(
    z
      .string()
      .max(32_768)
      .regex(/^[^\0]*$/, 'An argument holds no zero byte'),
  )
  .min(1)
  .max(100)
  .refine(([program]) => program !== '', 'The first argument names a program and is not empty');

const commandCaseSchema = z.strictObject({
  id: z.string().min(1),
  argv: argvSchema,
  /** What the command reads on its standard input, as UTF-8; the input then ends. */
  stdin: z.string().max(textCharsMax),
  expected: z.strictObject({
    exitCode: z.int().min(0).max(255),
    /** What must be on standard output, one newline at the end aside; null takes anything. It never leaves our side. */
    stdout: z.string().max(textCharsMax).nullable(),
  }),
});
export type CommandCase = z.infer<typeof commandCaseSchema>;

/** Any program that can be started: files, a build, and one command for each test. */
export const commandsSpecSchema = z.strictObject({
  kind: z.literal('commands'),
  /** The real language, as code blocks are marked with it, for example `rust`. */
  syntax: z
    .string()
    .regex(/^[a-z0-9+#._-]{1,30}$/, 'Expected a short name in lower case, for example "rust"'),
  program: z.discriminatedUnion('form', [
    /** The candidate's text is this file. */
    z.strictObject({ form: z.literal('file'), path: filePathSchema }),
    /** The candidate's text is a JSON object of paths and texts. */
    z.strictObject({ form: z.literal('files') }),
  ]),
  /** The task's own files, which take precedence over the candidate's: data, build files, tests. */
  files: z.array(z.strictObject({ path: filePathSchema, text: z.string() })).superRefine((files, context) => {
    const problem = fileTreeProblem(files);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem.replace(/\.$/, '') });
  }),
  /** Run once before the cases, at most this long (milliseconds). It fails when its exit code is not 0. */
  build: z.strictObject({ argv: argvSchema, wallMs: countSchema.min(1) }).nullable(),
  cases: z.array(commandCaseSchema).max(1_000),
});
export type CommandsSpec = z.infer<typeof commandsSpecSchema>;
