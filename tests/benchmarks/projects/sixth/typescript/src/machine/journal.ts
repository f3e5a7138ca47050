import { Outcome } from './types';

export interface JournalEntry<S> {
  readonly step: number;
  readonly event: string;
  readonly outcome: Outcome<S>;
}

/** A record of everything that was sent to a machine. */
export class Journal<S extends string> implements Iterable<JournalEntry<S>> {
  private readonly entries: JournalEntry<S>[] = [];

  add(event: string, outcome: Outcome<S>): void {
    this.entries.push({ step: this.entries.length + 1, event, outcome });
  }

  [Symbol.iterator](): Iterator<JournalEntry<S>> {
    return this.entries[Symbol.iterator]();
  }

  /** How often each state was entered. */
  visits(): Map<S, number> {
    const counts = new Map<S, number>();
    for (const { outcome } of this) {
      if (outcome.kind === 'moved') counts.set(outcome.to, (counts.get(outcome.to) ?? 0) + 1);
    }
    return counts;
  }
}
