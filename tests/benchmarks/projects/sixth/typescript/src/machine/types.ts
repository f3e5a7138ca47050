export interface EventObject {
  readonly type: string;
}

/** The member of an event union with the given type. */
export type EventOf<E extends EventObject, T extends E['type']> = Extract<E, { type: T }>;

export type Guard<C, E> = (context: Readonly<C>, event: E) => boolean;

/** Computes the parts of the context that change. */
export type Action<C, E> = (context: Readonly<C>, event: E) => Partial<C>;

/** Points at the child that was last active in a compound state. */
export interface HistoryTarget<S> {
  readonly history: S;
}

export interface Transition<C, E, S> {
  /** Without a target only the actions run and the state stays. */
  readonly target?: S | HistoryTarget<S>;
  readonly guard?: Guard<C, E>;
  readonly actions?: readonly Action<C, E>[];
}

export type TransitionMap<C, E extends EventObject, S> = {
  readonly [T in E['type']]?: readonly Transition<C, EventOf<E, T>, S>[];
};

export interface StateNode<C, E extends EventObject, S extends string> {
  readonly parent?: S;
  readonly initial?: S;
  readonly final?: boolean;
  readonly entry?: Action<C, E>;
  readonly exit?: Action<C, E>;
  readonly on?: TransitionMap<C, E, S>;
}

export interface MachineConfig<C, E extends EventObject, S extends string> {
  readonly id: string;
  readonly initial: S;
  readonly states: Readonly<Record<S, StateNode<C, E, S>>>;
}

/** What became of an event that was sent to a machine. */
export type Outcome<S> =
  | { readonly kind: 'moved'; readonly from: S; readonly to: S }
  | { readonly kind: 'stayed'; readonly state: S }
  | { readonly kind: 'rejected'; readonly state: S; readonly reason: string };
