import type { Bundle } from '../../../src/exchange/bundle/bundle.ts';
import { type BundleHeader, isProposalHeader } from '../../../src/exchange/bundle/bundle-format.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import {
  type BundleForgery,
  editedOne,
  picked,
  typeOf,
  withBlobs,
  withHeader,
  withRecords,
} from './bundle-forgeries.ts';

/** What somebody without the key can do to what a promotion rests on. */
export const proposalForgeries: Readonly<Record<string, BundleForgery>> = {
  'another proposal of the line': (bundle) => {
    const other = idsOf(bundle).find((id) => id !== proposalOf(bundle).proposal);
    return other === undefined ? null : headed(bundle, { proposal: other });
  },
  'a proposal that nobody made': (bundle) => headed(bundle, { proposal: `0${'0'.repeat(25)}` }),
  'another line': (bundle) => headed(bundle, { improvement: 'improvement-other' as StreamName }),
  'a whole run left out': (bundle, random) => {
    const { stream } = picked(
      bundle.records.filter((record) => record.stream.startsWith('run-')),
      random,
    );
    const end = stream.slice('run-'.length);
    return withRecords(
      bundle,
      bundle.records.filter(({ stream: name }) => name !== stream && !name.startsWith(`episode-${end}.`)),
    );
  },
  'the promotion cut off': (bundle) => {
    const last = bundle.records.findLast((record) => typeOf(record) === 'ChallengerPromoted');
    return withRecords(
      bundle,
      bundle.records.filter((record) => record !== last),
    );
  },
  'another decision': (bundle, random) => {
    const decisions = bundle.records.filter((record) => typeOf(record) === 'GateDecided');
    return editedOne(bundle, picked(decisions, random), (event) => {
      const { verdict } = event.data as { verdict: string };
      return { ...event, data: { ...event.data, verdict: verdict === 'promote' ? 'discard' : 'promote' } };
    });
  },
  'another level': (bundle, random) => {
    const checks = bundle.records.filter((record) => {
      const { type, data } = JSON.parse(Buffer.from(record.bytes).toString('utf8'));
      return type === 'CheckFinished' && data.level !== null;
    });
    return editedOne(bundle, picked(checks, random), (event) => ({
      ...event,
      data: { ...event.data, level: '1/2' },
    }));
  },
  'a text left to the other proposals that is not theirs': (bundle, random) => {
    const stored = [...bundle.blobs].filter(([, { standing }]) => standing === 'stored');
    const [digest, { bytes }] = picked(stored, random);
    return withBlobs(bundle, new Map(bundle.blobs).set(digest, { bytes, standing: 'outside' }));
  },
};

function proposalOf({ header }: Bundle) {
  if (isProposalHeader(header)) return header;
  throw new Error('the bundle is of a run');
}

function idsOf(bundle: Bundle): readonly string[] {
  return bundle.records.flatMap((record) => {
    const { type, data } = JSON.parse(Buffer.from(record.bytes).toString('utf8'));
    return type === 'ChangeProposed' ? [data.proposal as string] : [];
  });
}

function headed(bundle: Bundle, change: { proposal?: string; improvement?: StreamName }): Bundle {
  return withHeader(bundle, change as Partial<BundleHeader>);
}
