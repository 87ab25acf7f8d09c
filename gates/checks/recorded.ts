import type { GateDefinition } from '../definition/gate-definition.ts';
import type { Epoch, Examination } from '../governance/governance.ts';
import type { CheckInput } from './check-input.ts';

/** An examination as it was recorded, and the inputs of its checks, by name. */
export interface Recorded {
  readonly id: string;
  readonly examination: Examination;
  readonly definition: GateDefinition;
  readonly inputs: ReadonlyMap<string, CheckInput>;
}

/** The alpha of an epoch as another gate would have granted and spent it; null before held-out items were opened. */
export type OtherEpoch = Pick<Epoch, 'alpha' | 'account'> | null;
