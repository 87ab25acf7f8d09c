import type { Meaning } from './what-it-folds-to.ts';

/**
 * What every released ledger means, oldest first. A value here changes only while its version is unreleased; after that a
 * difference is a defect of the change that made it.
 */
export const released: Readonly<Record<string, Meaning>> = {
  '0.1.0': {
    records: 383,
    root: 'b7619f558d55879cca4f7773539e835014b668716c21b2ed496c3f5816608565',
    states: {
      'episode 1': '9cb34b24f6eacbb282b91caf1dd6d6cf59fe469bfd2dc1e162a950f0f0f5ee92',
      'run 1': '45a0e34cadb2a94c41585f6df94e08da2102faa8a4aa2a944b5f796cfc2e051e',
      'lineage 1': '80203e6827ed2f397e489d41ca05e66621fd235c25bc1436b4d419490f981fec',
      'budget 1': '612feff6c2d1a2f1440e7d21505a845773396f950385cefd1e2461af69e51223',
      'leaderboard 1': 'b2f793fcfb17b89dc5322378b35a3b01ab7f3c252847dd30a35d87d5093952c4',
    },
    outcomes: {
      'run-01KDVDNA03HCYT4Y35BJW9YHPR': '4e08cc8bab8d153c5394ba0cf2a76c14be7a8f3d4aa0bce7340c40d9a0624a14',
      'run-01KDVDNA0MZHHVZZEND6PAKGFM': 'e598be995a52c11a7bf9d0d81d5574bf748a9325995409a2351fc4a43c27b558',
      'run-01KDVDNF5AWRN2FZRYYKDVH6X0': 'aa41bbc31d3cb7db1dee3afe6f9108460b6c8f08d2299c17c967f7d0b40e8c71',
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
