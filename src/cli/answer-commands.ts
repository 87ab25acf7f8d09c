import { Command } from 'commander';
import { approvalsMissing } from '../../gates/governance/approvals.ts';
import { approve, refuseProposal } from '../loop/improve/examine/approve.ts';
import { proposalOf } from '../loop/improve/examine/proposal-of.ts';
import type { Standing } from '../loop/improve/examine/settle-proposal.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { findProposal } from './find-proposal.ts';
import { type Output, processOutput } from './output.ts';
import { partyOption } from './party-option.ts';
import { type Judging, judgingLine, type LineChoice } from './with-line.ts';

interface AnswerOptions extends LineChoice {
  readonly as: string;
  readonly comment?: string;
  readonly reason?: string;
}

export function approveCommand(finish: (code: ExitCode) => void): Command {
  const command = answerCommand('approve', 'say yes to a proposal that the gate decided in favour of')
    .description(
      'Records an approval. The proposer never counts, and a gate may want several people; with the last one that was missing, the challenger is promoted.',
    )
    .option('--comment <text>', 'what you want to say', '')
    .action(async (proposal: string, options: AnswerOptions) => {
      const output = processOutput(options.json === true);
      await answer(proposal, options, output, ({ line, services }, id) =>
        approve(line, services, { proposal: id, by: options.as, comment: options.comment ?? '' }),
      );
      finish(0);
    });
  return withExamples(withCommonOptions(command), {
    'pawl approve 7XK2QD --as person:grace': 'by the end of its id',
  });
}

export function refuseCommand(finish: (code: ExitCode) => void): Command {
  const command = answerCommand('refuse', 'say no to a proposal that the gate decided in favour of')
    .description('Records a refusal with its reason. The proposal ends there, whoever approved before.')
    .requiredOption('--reason <text>', 'why')
    .action(async (proposal: string, options: AnswerOptions) => {
      const output = processOutput(options.json === true);
      await answer(proposal, options, output, ({ line, services }, id) =>
        refuseProposal(line, services, { proposal: id, by: options.as, reason: options.reason ?? '' }),
      );
      finish(0);
    });
  return withExamples(withCommonOptions(command), {
    "pawl refuse 7XK2QD --as person:grace --reason 'we cannot support this model'": '',
  });
}

function answerCommand(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .argument('<proposal>', 'its id, or the beginning or end of it, or latest')
    .addOption(partyOption('who answers'))
    .option('--line <name>', 'line of improvement (default: the only one there is)');
}

async function answer(
  text: string,
  options: AnswerOptions,
  output: Output,
  record: (judging: Judging, id: string) => Promise<Standing>,
): Promise<void> {
  await judgingLine(options, output, async (judging) => {
    const { line } = judging;
    const id = findProposal(line.state, text);
    const standing = await record(judging, id);
    const missing = approvalsMissing(line.state, proposalOf(line, id));
    output.text(sentenceOf(standing, id, missing));
    output.record({ type: 'answer', line: line.name, proposal: id, by: options.as, standing });
  });
}

function sentenceOf(standing: Standing, id: string, missing: string | null): string {
  if (standing === 'promoted') return `The proposal ${id} was promoted.`;
  if (standing === 'awaits-approval') return `The proposal ${id} waits: ${missing ?? 'nothing is missing'}.`;
  return `The proposal ${id} was discarded.`;
}
