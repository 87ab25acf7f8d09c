import type { Bundle } from '../../../src/exchange/bundle/bundle.ts';
import { makeBundle } from '../../../src/exchange/bundle/make-bundle.ts';
import type { Redactable } from '../../../src/exchange/bundle/redaction.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { finalTest } from '../../../src/loop/improve/examine/final-test.ts';
import type { GateServices } from '../../../src/loop/improve/examine/gate-services.ts';
import type { Standing } from '../../../src/loop/improve/examine/settle-proposal.ts';
import type { ImprovementLine } from '../../../src/loop/improve/improvement-line.ts';
import { registerKey, signNow } from '../../ledger/audit/signed-ledger.ts';
import {
  openToyLine,
  proposeContent,
  skilled,
  type ToyLineOptions,
  toyGate,
} from '../../support/toy-line.ts';

const never = { pause: new AbortController().signal, abort: new AbortController().signal };

export interface SealedProposals {
  readonly ledger: Ledger;
  readonly line: ImprovementLine;
  readonly services: GateServices;
  /** By what became of them; in this order they were proposed. */
  readonly lost: string;
  readonly kept: string;
  readonly promoted: string;
}

/** Three proposals in memory: one that dev stopped, one that held-out items did not certify, one that is promoted; all signed. */
export async function sealedProposals(
  options: ToyLineOptions & { readonly final?: boolean } = {},
): Promise<SealedProposals> {
  const services = toyGate(openMemoryStore(), 'sealed', options.parts);
  const { ledger } = services;
  await registerKey(ledger);
  const line = await openToyLine(services, options);
  const judged = async (spec: string, standing: Standing): Promise<string> => {
    const id = await proposeContent(line, services, { content: skilled(spec) });
    const came = await examine(line, services, id, never);
    if (came !== standing) throw new Error(`${spec} came to ${came}, not to ${standing}`);
    return id;
  };
  const lost = await judged('skill:dev=0.1,heldout=0.1,final=0.1', 'discarded');
  const kept = await judged('skill:dev=0.75,heldout=0.3,final=0.3', 'kept');
  const promoted = await judged('skill:1', 'promoted');
  if (options.final === true) await finalTest(line, services, never);
  await signNow(ledger);
  return { ledger, line, services, lost, kept, promoted };
}

export async function proposalBundle(
  { ledger, line }: SealedProposals,
  proposal: string,
  redact: readonly Redactable[] = [],
): Promise<Bundle> {
  const scope = { improvement: line.stream, proposal };
  const { bundle } = await makeBundle(ledger, scope, { redact, pawl: '0.0.0' });
  return bundle;
}
