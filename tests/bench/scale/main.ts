import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../../src/kernel/random.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { type MeasuredEpisodes, measureEpisodes } from './measure-episode.ts';
import { assumedCapacity, oneCluster, remedies, workerCounts } from './scenarios.ts';
import { type Simulated, simulateCluster } from './simulate-cluster.ts';
import type { ClusterCapacity, EpisodeCosts, Scenario } from './workload.ts';

const help = `npm run bench:scale -- [options]

Measures what an episode costs a cluster (on the wire server, or on the real one that PAWL_TEST_EVENTSTORE names) and simulates
1 to 1,000 workers from that.

  --episodes N     episodes to measure (default 60)
  --append-ms N    the leader's time for one append, measured on your cluster (default ${assumedCapacity.appendMs})
  --seconds N      of simulated time (default 120)
  --write          put the tables into docs/explanation/how-far-one-cluster-goes.md
  --help           this text
`;

const { values } = parseArgs({
  options: {
    episodes: { type: 'string', default: '60' },
    'append-ms': { type: 'string', default: String(assumedCapacity.appendMs) },
    seconds: { type: 'string', default: '120' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const page = join(repositoryRoot, 'docs/explanation/how-far-one-cluster-goes.md');
const seconds = Number(values.seconds);
const capacity: ClusterCapacity = { ...assumedCapacity, appendMs: Number(values['append-ms']) };
/** A language model's answer takes seconds; an episode of the starter suite asks for some twenty. */
const modelMs = 60_000;

const measured = await measureEpisodes(Number(values.episodes));
const withModel: EpisodeCosts = { ...measured.costs, workMs: measured.costs.workMs + modelMs };
const sections: Readonly<Record<string, string>> = {
  costs: costTable(measured),
  workers: workerTable(measured.costs),
  remedies: remedyTable(measured.costs),
  model: workerTable(withModel, seconds * 20),
  capacity: capacityTable(measured.costs),
};
for (const [name, text] of Object.entries(sections)) process.stdout.write(`${name}\n\n${text}\n\n`);
if (values.write) {
  let text = readFileSync(page, 'utf8');
  for (const [name, table] of Object.entries(sections)) {
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
      throw new Error(`The page has lost its marks of "${name}".`);
    text = `${before}${begin}\n${table}\n${end}${after}`;
  }
  writeFileSync(page, text);
}

function simulate(
  change: Partial<Scenario>,
  costs: EpisodeCosts,
  given = capacity,
  simulatedSeconds = seconds,
): Simulated {
  return simulateCluster({ ...oneCluster, ...change }, costs, given, simulatedSeconds, seededRandom('scale'));
}

function costTable({ calls, episodes, costs }: MeasuredEpisodes): string {
  const rows = Object.entries(calls)
    .map(([name, counted]) => ({ name, ...counted }))
    .filter(({ calls: count }) => count / episodes >= 0.05)
    .sort((one, other) => other.calls - one.calls)
    .map(({ name, calls: count, events, bytes }) => [
      name,
      number(count / episodes),
      number(events / episodes),
      kib(bytes / episodes),
    ]);
  const lines = markdown(['call, kind of stream', 'calls', 'events', 'KiB'], rows);
  const perEvent = (costs.ledgerCpuMs * 1000) / costs.events;
  return `${lines}\n\nMeans over ${episodes} episodes of the starter suite, ${number(costs.events)} records each. Processor time of the worker for the ledger:\n${number(costs.ledgerCpuMs)} ms an episode, ${number(perEvent)} µs a record with its blobs and its share of everything else; for the work itself: ${number(costs.workMs)} ms.`;
}

function workerTable(costs: EpisodeCosts, simulatedSeconds = seconds): string {
  // Ten are as undisturbed as one, and ten times as many episodes make a steadier figure.
  const alone = simulate({ workers: 10 }, costs, capacity, simulatedSeconds).episodesPerSecond / 10;
  return markdown(
    [
      'workers',
      'episodes/s',
      'of the ideal',
      'appends/s',
      'append, median',
      'append, 99 %',
      'writer',
      'readers',
      'link',
    ],
    workerCounts.map((workers) => {
      const simulated = simulate({ workers }, costs, capacity, simulatedSeconds);
      const { writer, readers, link } = simulated.utilization;
      return [
        String(workers),
        number(simulated.episodesPerSecond),
        percent(simulated.episodesPerSecond / (alone * workers)),
        number(simulated.appendsPerSecond),
        `${number(simulated.appendMedianMs)} ms`,
        `${number(simulated.appendP99Ms)} ms`,
        ...[writer, readers, link].map(percent),
      ];
    }),
  );
}

function remedyTable(costs: EpisodeCosts): string {
  return markdown(
    ['with 1,000 workers', 'episodes/s', 'append, median', 'writer', 'readers', 'link'],
    remedies.map(({ name, change }) => {
      const simulated = simulate({ workers: 1000, ...change }, costs);
      const { writer, readers, link } = simulated.utilization;
      const figures = [number(simulated.episodesPerSecond), `${number(simulated.appendMedianMs)} ms`];
      return [name, ...figures, ...[writer, readers, link].map(percent)];
    }),
  );
}

/** How many workers a cluster feeds, by what its leader takes for an append. */
function capacityTable(costs: EpisodeCosts): string {
  const appendsPerEpisode = costs.appends + costs.blobAppends + costs.queueAppends;
  return markdown(
    ['one append takes the leader', 'episodes/s with 1,000 workers', 'workers it feeds at 80 % of its time'],
    [0.05, 0.1, 0.2, 0.5, 1, 2].map((appendMs) => {
      const given = { ...capacity, appendMs };
      const perEpisodeMs =
        appendsPerEpisode * appendMs + ((costs.eventBytes + costs.blobBytes) / 1024) * given.appendMsPerKib;
      // Long enough for everybody to come round several times, however slow the leader is.
      const long = Math.max(seconds, 8 * perEpisodeMs);
      const cycleMs = 1000 / simulate({}, costs, given).episodesPerSecond;
      return [
        `${appendMs} ms`,
        number(simulate({ workers: 1000 }, costs, given, long).episodesPerSecond),
        String(Math.floor((0.8 * cycleMs) / perEpisodeMs)),
      ];
    }),
  );
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function number(value: number): string {
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
