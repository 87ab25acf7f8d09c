/** A checkpoint that was kept outside of the ledger, which is what makes it worth something. */
export interface OutsideCheckpoint {
  /** Where it comes from, as it reads after "the checkpoint": `remembered on this machine`, `in FILE`. */
  readonly source: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The signed note, or null for a head that nobody signed. */
  readonly note: string | null;
  /** The first line of the checkpoint. */
  readonly origin: string;
}

/** What verification may take for granted, because it does not come from the ledger. */
export interface Trust {
  readonly checkpoints: readonly OutsideCheckpoint[];
  /** Verifier keys (`NAME+HASH+KEY`); where there are any, the ledger must be signed by no other. */
  readonly verifierKeys: readonly string[];
}

export const noTrust: Trust = { checkpoints: [], verifierKeys: [] };
