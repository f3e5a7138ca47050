import { MachineDefinition, isHistory } from './definition';
import { Journal } from './journal';
import { Action, EventObject, HistoryTarget, Outcome } from './types';

export type Listener<C, S> = (outcome: Outcome<S>, context: Readonly<C>) => void;

/** Runs one instance of a machine. */
export class Interpreter<C extends object, E extends EventObject, S extends string> {
  readonly journal = new Journal<S>();
  /** The leaf that was active when a compound state was last left. */
  private readonly lastActive = new Map<S, S>();
  private readonly listeners = new Set<Listener<C, S>>();
  private current: S;

  constructor(private readonly machine: MachineDefinition<C, E, S>, private data: C) {
    this.current = machine.leafOf(machine.config.initial);
  }

  get state(): S {
    return this.current;
  }

  get context(): Readonly<C> {
    return this.data;
  }

  get done(): boolean {
    return this.machine.node(this.current).final ?? false;
  }

  /** True in the given state and in every state inside it. */
  matches(state: S): boolean {
    return [...this.machine.lineage(this.current)].includes(state);
  }

  /** Registers a listener and returns the function that removes it. */
  subscribe(listener: Listener<C, S>): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  send(event: E): Outcome<S> {
    const outcome = this.process(event);
    this.journal.add(event.type, outcome);
    this.listeners.forEach((listener) => listener(outcome, this.data));
    return outcome;
  }

  private process(event: E): Outcome<S> {
    const candidates = this.machine.transitionsFrom(this.current, event.type);
    const chosen = candidates.find(({ guard }) => guard?.(this.data, event) ?? true);
    const from = this.current;
    if (!chosen) {
      const reason = candidates.length > 0 ? 'blocked by guard' : 'not expected here';
      return { kind: 'rejected', state: from, reason };
    }
    const { target, actions = [] } = chosen;
    if (target === undefined) {
      this.run(actions, event);
      return { kind: 'stayed', state: from };
    }
    const to = this.resolve(target);
    const { exits, entries } = this.machine.path(from, to);
    exits.forEach((state) => this.lastActive.set(state, from));
    this.run(exits.map((state) => this.machine.node(state).exit), event);
    this.run(actions, event);
    this.current = to;
    this.run(entries.map((state) => this.machine.node(state).entry), event);
    return { kind: 'moved', from, to };
  }

  private resolve(target: S | HistoryTarget<S>): S {
    if (!isHistory(target)) return this.machine.leafOf(target);
    return this.lastActive.get(target.history) ?? this.machine.leafOf(target.history);
  }

  private run(actions: readonly (Action<C, E> | undefined)[], event: E): void {
    for (const action of actions) {
      if (action) this.data = { ...this.data, ...action(this.data, event) };
    }
  }
}
