import type { Job, Outcome } from '../jobs';

export interface Events {
  queued: { job: Job; size: number };
  started: { job: Job; at: number };
  finished: { job: Job; at: number; outcome: Outcome };
  idle: { at: number };
}

export type EventName = keyof Events;
export type Listener<N extends EventName> = (payload: Events[N]) => void;
type Table = { [N in EventName]?: Listener<N>[] };

export class EventBus {
  private readonly table: Table = {};
  readonly log: EventName[] = [];

  on<N extends EventName>(name: N, listener: Listener<N>): () => boolean {
    const list: Listener<N>[] = this.list(name);
    list.push(listener);
    return () => {
      const index = list.indexOf(listener);
      return index >= 0 && list.splice(index, 1).length > 0;
    };
  }

  emit<N extends EventName>(name: N, payload: Events[N]): void {
    this.log.push(name);
    [...this.list(name)].forEach((listener) => listener(payload));
  }

  private list<N extends EventName>(name: N): Listener<N>[] {
    const table = this.table as Record<N, Listener<N>[] | undefined>;
    return (table[name] ??= []);
  }
}
