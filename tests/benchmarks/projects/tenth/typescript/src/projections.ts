import { dispatch, EventHandlers, EventType, Recorded } from './events';

export interface Projection<V> {
  apply(recorded: Recorded): void;
  view(): V;
}

export type BalanceRow = { owner: string; balance: number };

/** Current balance of each account that has not been closed. */
export class Balances implements Projection<ReadonlyMap<string, BalanceRow>> {
  private readonly rows = new Map<string, BalanceRow>();

  private readonly handlers: EventHandlers<void, string> = {
    opened: ({ owner }, id) => void this.rows.set(id, { owner, balance: 0 }),
    deposited: ({ amount }, id) => this.update(id, (row) => (row.balance += amount)),
    withdrawn: ({ amount }, id) => this.update(id, (row) => (row.balance -= amount)),
    closed: (_, id) => void this.rows.delete(id),
  };

  apply({ streamId, event }: Recorded): void {
    dispatch(this.handlers, event, streamId);
  }

  view(): ReadonlyMap<string, BalanceRow> {
    return this.rows;
  }

  private update(id: string, change: (row: BalanceRow) => unknown): void {
    const row = this.rows.get(id);
    if (row) change(row);
  }
}

/** How often each type of event has been seen. */
export class EventCounts implements Projection<[string, number][]> {
  private readonly counts: Partial<Record<EventType, number>> = {};

  apply({ event: { type } }: Recorded): void {
    this.counts[type] = (this.counts[type] ?? 0) + 1;
  }

  view(): [string, number][] {
    return Object.entries(this.counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  }
}

/** Feeds a projection with the events that are already in the log and returns its view. */
export function project<V>(projection: Projection<V>, events: Iterable<Recorded>): V {
  for (const recorded of events) projection.apply(recorded);
  return projection.view();
}
