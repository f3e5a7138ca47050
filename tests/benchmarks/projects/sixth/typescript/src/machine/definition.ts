import { EventObject, HistoryTarget, MachineConfig, StateNode, Transition } from './types';

export class DefinitionError extends Error {
  constructor(machineId: string, readonly problems: readonly string[]) {
    super(`machine "${machineId}" is not valid: ${problems.join('; ')}`);
    this.name = 'DefinitionError';
  }
}

export function isHistory<S extends string>(target: S | HistoryTarget<S>): target is HistoryTarget<S> {
  return typeof target === 'object';
}

/** A checked configuration with the questions that the interpreter asks of it. */
export class MachineDefinition<C, E extends EventObject, S extends string> {
  readonly states: readonly S[];

  constructor(readonly config: MachineConfig<C, E, S>) {
    this.states = Object.keys(config.states) as S[];
    const problems = [...this.findProblems()];
    if (problems.length > 0) throw new DefinitionError(config.id, problems);
  }

  node(state: S): StateNode<C, E, S> {
    return this.config.states[state];
  }

  /** The state itself, its parent, the parent's parent and so on. */
  *lineage(state: S): Generator<S> {
    for (let current: S | undefined = state; current; current = this.node(current).parent) {
      yield current;
    }
  }

  /** Follows initial children down to a state that has none. */
  leafOf(state: S): S {
    const { initial } = this.node(state);
    return initial === undefined ? state : this.leafOf(initial);
  }

  /** Candidates for an event, those of inner states before those of outer ones. */
  transitionsFrom(state: S, type: E['type']): Transition<C, E, S>[] {
    return [...this.lineage(state)].flatMap((level) => {
      const found = this.node(level).on?.[type];
      return (found ?? []) as readonly Transition<C, E, S>[];
    });
  }

  /** States that are left and entered on the way from one leaf to another. */
  path(from: S, to: S): { exits: S[]; entries: S[] } {
    const left = [...this.lineage(from)];
    const entered = [...this.lineage(to)];
    return {
      exits: left.filter((state) => !entered.includes(state)),
      entries: entered.filter((state) => !left.includes(state)).reverse(),
    };
  }

  private *findProblems(): Generator<string> {
    for (const state of this.states) {
      const { parent, initial, on = {}, final } = this.node(state);
      if (initial !== undefined && this.node(initial)?.parent !== state) {
        yield `"${initial}" is not a child of "${state}"`;
      }
      if (final && Object.keys(on).length > 0) yield `final state "${state}" has transitions`;
      if (parent !== undefined && this.node(parent).initial === undefined) {
        yield `"${parent}" has children but no initial state`;
      }
    }
  }
}
