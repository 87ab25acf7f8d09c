import type { Meaning } from './what-it-folds-to.ts';

/**
 * What every released ledger means, oldest first. A value here changes only while its version is unreleased; after that a
 * difference is a defect of the change that made it.
 */
export const released: Readonly<Record<string, Meaning>> = {
  '0.1.0': {
    records: 383,
    root: 'ed5ffc345dad837aec25502df2c54f63d0327fbc63b35dc9cab3418b8e29b340',
    states: {
      'episode 1': '28695d51b646951d04b7c815502f52976a902e8710526b3781210dac6f056081',
      'run 1': '45df0073b5ab022360ba043508c50671a868932ba38f89906d03be66189c8570',
      'lineage 1': '80203e6827ed2f397e489d41ca05e66621fd235c25bc1436b4d419490f981fec',
      'budget 1': 'aa0415d03de4288b621e77b6b3a4ea8ad5fa677636df7a6f1a85a2cfb9e1f483',
      'leaderboard 1': '8d64f1c52c4c1660682a789b811e0e18f4f3b4d0f94ae56ec5fe9447815e8a4b',
    },
    outcomes: {
      'run-01KDVDNA03HCYT4Y35BJW9YHPR': '6bcbebf9b39226ec51c59622b0a689bcae40af3bfe0f19da3483b9678192b264',
      'run-01KDVDNA0MZHHVZZEND6PAKGFM': 'c84f5b22a5669c08b62517126aa12aaa0749a2209f00aeb840bf6e007344d1ac',
      'run-01KDVDNF5AWRN2FZRYYKDVH6X0': '37cca2986f4f413be750f813883e7e6f5798f612cdda479e6b8a271030fa7844',
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
  '0.2.0': {
    records: 464,
    root: '0c763fb516eabd5abe334cc35e85e064810c5d1f4c14a1c79ba7c5ac6467f3aa',
    states: {
      'episode 1': '5af9c69be690cc06277ef43ba5d9cc1e1f7cf2c52da750d68f601d63e1793112',
      'run 1': '37cbd75d451bb7401f006ab4db8b532c225be3b4ef9f793fbc9595bbc02d0137',
      'lineage 1': '05ae01aa8fbc9272417ba77f27bf69272763f21b9eddef02728655fcc33b9268',
      'budget 1': '0158d00dab4e3f690bf2aa06befaf425ccdf26922074e3c30a6522df8143f1c0',
      'leaderboard 1': 'c3c5290a38e0de9e9a27381fe0e6949879898203e5d856d88090c8aa3fb5130e',
    },
    outcomes: {
      'run-01KDVDNA051NQZDJE3EG6GKJQJ': '6bcbebf9b39226ec51c59622b0a689bcae40af3bfe0f19da3483b9678192b264',
      'run-01KDVDNA0PR9RY8S33K931A07Q': 'c84f5b22a5669c08b62517126aa12aaa0749a2209f00aeb840bf6e007344d1ac',
      'run-01KDVDNF5MPNGMFAHCJGKNAZX0': '8750098dd265448d30e877542682ba7aaf6500d8a095ce755fbcd3e440104ebc',
      'run-01KDVDNHSHANQ664SXXBDCNJZ8': '7b800c9cf7095c8ae900d23c33fb3841dca2e0b007bf21a52218575e90604108',
      'run-66GKKY1G6VHC3BNZBAQSG968K1': '6ff2c7d6ca8fee9bb0f5d0e14a14a968300282a5741d84058e9ed06dc5ba38cf',
    },
    replays: {
      'episode-01KDVDNA051NQZDJE3EG6GKJQJ.0': 'pass 17',
      'episode-01KDVDNA051NQZDJE3EG6GKJQJ.1': 'pass 17',
      'episode-01KDVDNA051NQZDJE3EG6GKJQJ.2': 'pass 14',
      'episode-01KDVDNA051NQZDJE3EG6GKJQJ.3': 'pass 20',
      'episode-01KDVDNA051NQZDJE3EG6GKJQJ.4': 'pass 4',
      'episode-01KDVDNA051NQZDJE3EG6GKJQJ.5': 'pass 9',
      'episode-01KDVDNA0PR9RY8S33K931A07Q.0':
        '{"verdict":"inconclusive","events":17,"missing":"blob erased: f17f1d5865a03f4b46abf01ba021169ce4d8b8e60daef40abad8c5763977770f"}',
      'episode-01KDVDNA0PR9RY8S33K931A07Q.1': 'pass 13',
      'episode-01KDVDNA0PR9RY8S33K931A07Q.2': 'pass 14',
      'episode-01KDVDNA0PR9RY8S33K931A07Q.3': 'pass 20',
      'episode-01KDVDNA0PR9RY8S33K931A07Q.4': 'pass 4',
      'episode-01KDVDNA0PR9RY8S33K931A07Q.5': 'pass 9',
      'episode-01KDVDNF5MPNGMFAHCJGKNAZX0.0': 'pass 15',
      'episode-01KDVDNF5MPNGMFAHCJGKNAZX0.1': 'pass 16',
      'episode-01KDVDNF5MPNGMFAHCJGKNAZX0.2': 'pass 12',
      'episode-01KDVDNF5MPNGMFAHCJGKNAZX0.3': 'pass 20',
      'episode-01KDVDNF5MPNGMFAHCJGKNAZX0.4': 'pass 5',
      'episode-01KDVDNF5MPNGMFAHCJGKNAZX0.5': 'pass 18',
      'episode-01KDVDNHSHANQ664SXXBDCNJZ8.0': 'pass 12',
      'episode-66GKKY1G6VHC3BNZBAQSG968K1.0': 'pass 7',
      'episode-66GKKY1G6VHC3BNZBAQSG968K1.1': 'pass 13',
      'episode-66GKKY1G6VHC3BNZBAQSG968K1.2': 'pass 10',
    },
  },
};
