import { absentCalls, allowedCalls, type CallGroup } from './allowed-calls.ts';
import { conditionalCalls } from './conditional-calls.ts';

/** One rule in the form that engines read. With `SCMP_CMP_MASKED_EQ`, `value` is the mask and `valueTwo` what is left. */
export interface ProfileRule {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  readonly errnoRet?: number;
  readonly args?: readonly {
    readonly index: number;
    readonly value: number;
    readonly valueTwo: number;
    readonly op: 'SCMP_CMP_MASKED_EQ';
  }[];
}

export interface SeccompProfile {
  readonly defaultAction: 'SCMP_ACT_ERRNO';
  readonly archMap: readonly {
    readonly architecture: string;
    readonly subArchitectures: readonly string[];
  }[];
  readonly syscalls: readonly ProfileRule[];
}

/** "Function not implemented", the same number on both architectures. */
const ENOSYS = 38;
const namesOf = ({ calls }: CallGroup): readonly string[] => calls.split(/\s+/);

/**
 * Which system calls a program in a container may make. The default answer is EPERM, which is what engines mean by
 * `SCMP_ACT_ERRNO` without a number; saying it with `defaultErrnoRet` would be refused by some that are in use.
 *
 * Each architecture comes without its older forms: 32-bit programs and the x32 calls have numbers of their own for the same
 * kernel code, and a process that makes one is ended.
 */
export const ownProfile: SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
  ],
  syscalls: [
    { names: allowedCalls.flatMap(namesOf), action: 'SCMP_ACT_ALLOW' },
    ...conditionalCalls.map(
      ({ call, when }): ProfileRule => ({
        names: [call],
        action: 'SCMP_ACT_ALLOW',
        args: when.map(({ argument, mask, value }) => ({
          index: argument,
          value: mask,
          valueTwo: value,
          op: 'SCMP_CMP_MASKED_EQ',
        })),
      }),
    ),
    { names: namesOf(absentCalls), action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
  ],
};

/** As it is sent to the engine, and as its digest is made. */
export const ownProfileText = JSON.stringify(ownProfile);
