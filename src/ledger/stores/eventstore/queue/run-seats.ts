import type { StreamName } from '../../../../kernel/brand.ts';
import type { QueueLog } from './queue-log.ts';
import type { Place } from './queue-shapes.ts';
import type { QueueStreams } from './queue-streams.ts';
import { RunBoard } from './run-board.ts';
import { RunSeat } from './run-seat.ts';

/** Boards that are kept; one that was given up is read again when its run is looked at. */
const boardsMax = 32;

/** The boards and seats of one process: one of each per run, of the generation that is offered now. */
export class RunSeats {
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;
  readonly #monotonic: () => number;
  readonly #boards = new Map<StreamName, RunBoard>();
  readonly #seats = new Map<StreamName, RunSeat>();

  constructor(log: QueueLog, streams: QueueStreams, monotonic: () => number) {
    this.#log = log;
    this.#streams = streams;
    this.#monotonic = monotonic;
  }

  board(place: Place): RunBoard {
    const known = this.#boards.get(place.run);
    if (known !== undefined && isSame(known.place, place)) return known;
    const board = new RunBoard(this.#log, this.#streams, place);
    this.#boards.delete(place.run);
    this.#boards.set(place.run, board);
    this.#prune();
    return board;
  }

  /** A seat that is of use, entered. */
  enter(place: Place): RunSeat {
    const board = this.board(place);
    const known = this.#seats.get(place.run);
    let seat = known;
    if (seat === undefined || seat.board !== board || seat.isOver) {
      void known?.close();
      seat = new RunSeat(this.#log, this.#streams, board, this.#monotonic);
      this.#seats.set(place.run, seat);
    }
    seat.enter();
    return seat;
  }

  /** Nobody says that a run is over to whoever has stopped looking at it. */
  #prune(): void {
    for (const run of this.#boards.keys()) {
      if (this.#boards.size <= boardsMax) return;
      if (this.#seats.get(run)?.isOver === false) continue;
      this.#boards.delete(run);
      this.#seats.delete(run);
    }
  }

  /** The run is not offered any more. */
  async forget(run: StreamName): Promise<void> {
    const seat = this.#seats.get(run);
    this.#seats.delete(run);
    this.#boards.delete(run);
    await seat?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats.keys()].map((run) => this.forget(run)));
  }
}

function isSame(left: Place, right: Place): boolean {
  const { leaseMs, attemptsMax } = right.terms;
  return (
    left.generation === right.generation &&
    left.terms.leaseMs === leaseMs &&
    left.terms.attemptsMax === attemptsMax
  );
}
