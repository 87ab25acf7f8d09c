import { PawlError } from '../../kernel/pawl-error.ts';
import { hashBytes } from './tree-hash.ts';

/** Takes the hashes of a proof one by one, and refuses a proof with too few, too many, or something that is not a hash. */
export class ProofReader {
  readonly #kind: string;
  readonly #proof: readonly Uint8Array[];
  #taken = 0;

  constructor(kind: 'inclusion' | 'consistency' | 'subset', proof: readonly Uint8Array[]) {
    this.#kind = kind;
    this.#proof = proof;
    const odd = proof.findIndex(({ length }) => length !== hashBytes);
    if (odd >= 0) throw this.refuse(`hash ${odd} of the proof has ${proof[odd]?.length} bytes`);
  }

  /** @throws PawlError `PROOF_INVALID` when there is no further hash */
  next(): Uint8Array {
    const hash = this.#proof[this.#taken];
    if (hash === undefined) throw this.refuse(`the proof ends after ${this.#taken} hashes`);
    this.#taken += 1;
    return hash;
  }

  /** @throws PawlError `PROOF_INVALID` when hashes are left over */
  end(): void {
    const rest = this.#proof.length - this.#taken;
    if (rest > 0) throw this.refuse(`the proof has ${rest} hashes too many`);
  }

  /** @throws PawlError `PROOF_INVALID` when the two differ */
  mustBe(hash: Uint8Array, expected: Uint8Array, otherwise: string): void {
    if (Buffer.compare(hash, expected) !== 0) throw this.refuse(otherwise);
  }

  refuse(reason: string): PawlError {
    return new PawlError('PROOF_INVALID', `The ${this.#kind} proof does not hold: ${reason}.`);
  }
}
