import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/json.ts';
import type { ReplayTotals } from '../loop/replay-sums.ts';
import type { Divergence, MemberDifference, StreamReplay } from '../loop/replay-verdict.ts';

const valueCharactersMax = 300;

const layers: Readonly<Record<Divergence['layer'], string>> = {
  kind: 'the kind of event',
  key: 'the key of the effect',
  input: 'the digest of its input',
  content: 'its content',
  history: 'the history around it',
};

/** For people: why a stream did not pass, with what was asked and what was recorded. */
export function explainReplay(replay: Exclude<StreamReplay, { verdict: 'pass' }>): string {
  const { stream } = replay;
  if (replay.verdict === 'inconclusive') return `${stream}: inconclusive: ${replay.missing}`;
  const { revision, layer, reason, asked, recorded, members, texts } = replay.divergence;
  const where = replay.divergence.stream === stream ? '' : ` of ${replay.divergence.stream}`;
  const lines = [
    `${stream}: diverged at revision ${revision}${where}: ${reason}`,
    `  broken    ${layers[layer]}`,
    `  asked     ${asked?.type ?? 'nothing'}`,
    `  recorded  ${recorded?.type ?? 'nothing'}`,
  ];
  // Without a member that differs, one side alone is there to be shown.
  const shown = members.length > 0 ? members : oneSided(replay.divergence);
  for (const member of shown) lines.push(...memberLines(member));
  for (const { member, diff } of texts) lines.push(`  the texts of ${member}:`, indent(diff));
  return lines.join('\n');
}

/** One line for the whole; the first words are the same whether an episode or a ledger was replayed. */
export function replayLine(totals: ReplayTotals): string {
  const { episodes, decisions, diverged, inconclusive, verdict, streams } = totals;
  if (streams === 0) return 'Nothing was recorded there, so nothing was replayed: inconclusive.';
  const replayed = `Replayed ${counted(episodes, 'episode')}`;
  if (verdict === 'pass') {
    const all = decisions === 1 ? 'the one decision comes' : `all ${decisions} decisions come`;
    return `${replayed}: ${all} out as recorded.`;
  }
  // Runs, suites and splits have streams too, and any of them can be what did not pass.
  return `${replayed}: of ${counted(streams, 'stream')}, ${diverged} diverged, ${inconclusive} inconclusive.`;
}

function oneSided({ asked, recorded }: Divergence): readonly MemberDifference[] {
  if (asked === null && recorded === null) return [];
  const names = new Set([...Object.keys(asked?.data ?? {}), ...Object.keys(recorded?.data ?? {})]);
  return [...names].map((member) => {
    const [left, right] = [asked?.data[member], recorded?.data[member]];
    return {
      member,
      ...(left === undefined ? {} : { asked: left }),
      ...(right === undefined ? {} : { recorded: right }),
    };
  });
}

function memberLines({ member, asked, recorded }: MemberDifference): readonly string[] {
  if (asked !== undefined && recorded !== undefined && canonicalJson(asked) === canonicalJson(recorded))
    return [`    ${member}: ${valueText(asked)}`];
  return [
    `    ${member}`,
    ...(recorded === undefined ? [] : [`      - ${valueText(recorded)}`]),
    ...(asked === undefined ? [] : [`      + ${valueText(asked)}`]),
  ];
}

function valueText(value: Json): string {
  const text = canonicalJson(value);
  return text.length <= valueCharactersMax ? text : `${text.slice(0, valueCharactersMax)}…`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
