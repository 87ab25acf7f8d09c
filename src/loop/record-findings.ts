import type { PawlEvent } from '../events/catalogue.ts';
import type { EventDraft } from '../events/record.ts';
import type { EventId } from '../kernel/brand.ts';
import { digestOf } from '../kernel/digest.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import type { FindingReport } from './audit-runs.ts';
import { cutText } from './cut-text.ts';

const evidenceMax = 100;
const messageUnitsMax = 2000;

/**
 * Writes down what was found, so that it stands in the history that it is about. What stands there already in the same words and
 * with the same evidence is not written again. Gives the number of events written.
 *
 * @throws PawlError `WRONG_EXPECTED_REVISION` when somebody else records findings at the same moment; try again
 */
export async function recordFindings(
  ledger: Ledger,
  reports: readonly FindingReport[],
  writer: WriterContext,
): Promise<number> {
  const stream = auditStreams.findings;
  const known = new Set<string>();
  let revision = -1;
  let lastId: EventId | null = null;
  for await (const event of ledger.readStream(stream)) {
    revision = event.revision;
    lastId = event.id;
    known.add(digestOf(event.data));
  }
  const events = reports.filter(({ found }) => found.count > 0).map(findingRaised);
  const drafts: EventDraft[] = [];
  for (const event of events) {
    if (known.has(digestOf(event.data))) continue;
    drafts.push(ledger.draft(event, writer, drafts.at(-1)?.id ?? lastId));
  }
  if (drafts.length > 0) await ledger.append(stream, revision, drafts);
  return drafts.length;
}

function findingRaised({ finding, run, found }: FindingReport): PawlEvent {
  const { name, version, level } = finding;
  const evidence = found.cases.flatMap((each) => each.evidence).slice(0, evidenceMax);
  const message = cutText(`${finding.title}: ${found.message}`, messageUnitsMax);
  return {
    type: 'FindingRaised',
    data: {
      ...{ run, finding: name, findingVersion: version, level, message, count: found.count },
      evidence: evidence.map(({ stream, revision }) => ({ stream, revision })),
    },
  };
}
