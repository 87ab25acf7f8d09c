import type { EvidenceFound } from '../../gates/checks/evidence.ts';
import type { ChainStep } from '../../gates/definition/chain.ts';
import type { GateDefinition } from '../../gates/definition/gate-definition.ts';
import { evolveGovernance } from '../../gates/governance/evolve-governance.ts';
import { type Governance, initialGovernance, type Proposal } from '../../gates/governance/governance.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Digest, EventId, StreamName } from '../../src/kernel/brand.ts';
import { named } from './gate-definition.ts';

type Type = AnyRecordedEvent['type'];
export type Data<Name extends Type> = Extract<AnyRecordedEvent, { type: Name }>['data'];

/** The events of one line as they are written, folded at once. What breaks a rule is in the history all the same. */
export class RecordedLine {
  readonly stream = 'improvement-starter' as StreamName;
  readonly events: AnyRecordedEvent[] = [];
  readonly state: Governance = initialGovernance();
  readonly evidence = new Map<Digest, unknown>();

  /** Writes any event and folds it; one that breaks a rule is in the history all the same. */
  write<Name extends Type>(type: Name, data: Data<Name>): this {
    return this.writeEvent({ type, data } as unknown as PawlEvent);
  }

  writeEvent({ type, data }: PawlEvent): this {
    const revision = this.events.length;
    const event = {
      ...{ position: revision, stream: this.stream, revision, id: eventId(revision), type, version: 1, data },
      ...{ at: revision, actor: 'test', correlation: 'test', causation: null },
    } as unknown as AnyRecordedEvent;
    this.events.push(event);
    evolveGovernance(this.state, event);
    return this;
  }

  isKnown(id: string): boolean {
    return this.state.proposals[proposalId(id)] !== undefined;
  }

  proposal(id: string): Proposal {
    const proposal = this.state.proposals[proposalId(id)];
    if (proposal !== undefined) return proposal;
    throw new Error(`nobody proposed ${id}`);
  }

  /** How evidence is looked up in this history. */
  readonly lookup = (digest: Digest): EvidenceFound => {
    const value = this.evidence.get(digest);
    return value === undefined ? 'missing' : { value };
  };

  get definition(): GateDefinition {
    if (this.state.gate === null) throw new Error('no gate is registered');
    return this.state.gate.definition;
  }

  get gate(): Digest {
    return this.state.gate?.digest ?? named('no gate');
  }

  /** The step of the chain that is to come, or the last where none is. */
  step(id: string): ChainStep {
    const examination = this.proposal(id).examination;
    const step = examination?.chain[examination.checks.length] ?? examination?.chain.at(-1);
    return step ?? { name: 'static', kind: 'static', sealed: false };
  }
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID that a name stands for. */
export function proposalId(name: string): string {
  const letters = [...named(name).slice(0, 25)].map((digit) => alphabet[Number.parseInt(digit, 16)]);
  return `0${letters.join('')}`;
}

function eventId(revision: number): EventId {
  return `0${String(revision).padStart(25, '0')}` as EventId;
}
