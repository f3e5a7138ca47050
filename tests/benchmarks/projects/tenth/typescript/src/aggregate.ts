import { AccountEvent } from './events';
import { Snapshot } from './store';

/** Base of all aggregates: state that is folded from events. */
export abstract class Aggregate<S> {
  private version = 0;
  private pending: AccountEvent[] = [];

  protected constructor(readonly id: string, protected state: S) {}

  /** Returns the state after the event; must not change the old one. */
  protected abstract evolve(state: S, event: AccountEvent): S;

  get snapshot(): Snapshot<S> {
    return { version: this.version, state: this.state };
  }

  restore({ version, state }: Snapshot<S>): void {
    this.version = version;
    this.state = state;
  }

  replay(events: readonly AccountEvent[]): void {
    this.state = events.reduce((state, event) => this.evolve(state, event), this.state);
    this.version += events.length;
  }

  /** Hands the new events to a writer that returns the version they lead to. */
  commit(write: (expected: number, events: readonly AccountEvent[]) => number): void {
    this.version = write(this.version, this.pending);
    this.pending = [];
  }

  protected raise(event: AccountEvent): void {
    this.state = this.evolve(this.state, event);
    this.pending.push(event);
  }
}
