import { ConcurrencyError } from './errors';
import { AccountEvent, Recorded } from './events';

export interface Snapshot<S> {
  readonly version: number;
  readonly state: S;
}

/** Append-only log in memory, split into streams. */
export class EventStore {
  private readonly log: Recorded[] = [];
  private readonly subscribers = new Set<(recorded: Recorded) => void>();

  append(streamId: string, expected: number, events: readonly AccountEvent[]): number {
    let version = this.read(streamId).length;
    if (version !== expected) {
      throw new ConcurrencyError(streamId, expected, version);
    }
    for (const event of events) {
      version += 1;
      const recorded = { streamId, version, position: this.log.length + 1, event };
      this.log.push(recorded);
      this.subscribers.forEach((notify) => notify(recorded));
    }
    return version;
  }

  /** Reads the events of one stream that come after the given version. */
  read(streamId: string, after = 0): Recorded[] {
    return this.log.filter((it) => it.streamId === streamId && it.version > after);
  }

  [Symbol.iterator](): Iterator<Recorded> {
    return this.log.values();
  }

  /** Registers a subscriber and returns the function that removes it. */
  subscribe(subscriber: (recorded: Recorded) => void): () => void {
    this.subscribers.add(subscriber);
    return () => void this.subscribers.delete(subscriber);
  }
}

/** Keeps a snapshot of each aggregate whenever enough events have passed. */
export class SnapshotStore<S> {
  private readonly latest = new Map<string, Snapshot<S>>();

  constructor(private readonly interval: number) {}

  load(id: string): Snapshot<S> | undefined {
    return this.latest.get(id);
  }

  offer(id: string, snapshot: Snapshot<S>): void {
    const due = (this.load(id)?.version ?? 0) + this.interval;
    if (snapshot.version >= due) this.latest.set(id, snapshot);
  }
}
