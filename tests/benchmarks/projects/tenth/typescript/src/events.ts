/** Everything that can happen to an account. Amounts are in cents. */
export type AccountEvent =
  | { type: 'opened'; owner: string; overdraft: number }
  | { type: 'deposited'; amount: number; memo?: string }
  | { type: 'withdrawn'; amount: number; memo?: string }
  | { type: 'closed' };

export type EventType = AccountEvent['type'];

/** An event as stored, with its place in its stream and in the whole log. */
export interface Recorded {
  readonly streamId: string;
  readonly version: number;
  readonly position: number;
  readonly event: AccountEvent;
}

/** One function per event type, each given the narrowed event. */
export type EventHandlers<R, C> = {
  [T in EventType]: (event: Extract<AccountEvent, { type: T }>, context: C) => R;
};

export function dispatch<R, C>(handlers: EventHandlers<R, C>, event: AccountEvent, context: C): R {
  const handler = handlers[event.type] as (event: AccountEvent, context: C) => R;
  return handler(event, context);
}
