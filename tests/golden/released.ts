import type { Meaning } from './what-it-folds-to.ts';

/**
 * What every released ledger means, oldest first. A value here changes only while its version is unreleased; after that a
 * difference is a defect of the change that made it.
 */
export const released: Readonly<Record<string, Meaning>> = {
  '0.1.0': {
    records: 383,
    root: 'f65465a6483f1be35a95662807bad5369a8c0babc42b3ab32dad5bfbbc9f457b',
    states: {
      'episode 1': '87ca2303c3c853c6824b42b1a80784657d896c03475e03df39cc10475ccb5334',
      'run 1': '45df0073b5ab022360ba043508c50671a868932ba38f89906d03be66189c8570',
      'lineage 1': '80203e6827ed2f397e489d41ca05e66621fd235c25bc1436b4d419490f981fec',
      'budget 1': '4a82770d67afa1b3929c6c9f6f717adb4120329253288843bdc3e2ca2ce2511b',
      'leaderboard 1': '8d64f1c52c4c1660682a789b811e0e18f4f3b4d0f94ae56ec5fe9447815e8a4b',
    },
    outcomes: {
      'run-01KDVDNA03HCYT4Y35BJW9YHPR': '6bcbebf9b39226ec51c59622b0a689bcae40af3bfe0f19da3483b9678192b264',
      'run-01KDVDNA0MZHHVZZEND6PAKGFM': 'c84f5b22a5669c08b62517126aa12aaa0749a2209f00aeb840bf6e007344d1ac',
      'run-01KDVDNF5AWRN2FZRYYKDVH6X0': 'f05bf7c392c963dbb215ed4269be2993c0268d0f4c16a0ef7922c2784d6995e8',
    },
    replays: {
      'episode-01KDVDNA03HCYT4Y35BJW9YHPR.0': 'pass 17',
      'episode-01KDVDNA03HCYT4Y35BJW9YHPR.1': 'pass 17',
      'episode-01KDVDNA03HCYT4Y35BJW9YHPR.2': 'pass 14',
      'episode-01KDVDNA03HCYT4Y35BJW9YHPR.3': 'pass 20',
      'episode-01KDVDNA03HCYT4Y35BJW9YHPR.4': 'pass 4',
      'episode-01KDVDNA03HCYT4Y35BJW9YHPR.5': 'pass 9',
      'episode-01KDVDNA0MZHHVZZEND6PAKGFM.0': 'pass 12',
      'episode-01KDVDNA0MZHHVZZEND6PAKGFM.1': 'pass 13',
      'episode-01KDVDNA0MZHHVZZEND6PAKGFM.2': 'pass 14',
      'episode-01KDVDNA0MZHHVZZEND6PAKGFM.3': 'pass 20',
      'episode-01KDVDNA0MZHHVZZEND6PAKGFM.4': 'pass 4',
      'episode-01KDVDNA0MZHHVZZEND6PAKGFM.5': 'pass 9',
      'episode-01KDVDNF5AWRN2FZRYYKDVH6X0.0': 'pass 15',
      'episode-01KDVDNF5AWRN2FZRYYKDVH6X0.1': 'pass 16',
      'episode-01KDVDNF5AWRN2FZRYYKDVH6X0.2': 'pass 12',
      'episode-01KDVDNF5AWRN2FZRYYKDVH6X0.3': 'pass 20',
      'episode-01KDVDNF5AWRN2FZRYYKDVH6X0.4': 'pass 5',
      'episode-01KDVDNF5AWRN2FZRYYKDVH6X0.5': 'pass 18',
    },
  },
};
