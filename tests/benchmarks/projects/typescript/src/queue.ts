import { Emitter, type Listener } from "./events";

export enum State {
  Waiting,
  Running,
  Done,
}

export interface Job {
  readonly id: number;
  title: string;
  state: State;
}

export interface Change {
  job: Job;
  before: State;
}

export abstract class Base {
  protected abstract weight(job: Job): number;

  heavier(first: Job, second: Job): Job {
    return this.weight(first) >= this.weight(second) ? first : second;
  }
}

export class Queue extends Base {
  private jobs: Job[] = [];
  private nextId = 1;
  readonly changes = new Emitter<Change>();

  push(title: string): Job {
    const job: Job = { id: this.nextId++, title, state: State.Waiting };
    this.jobs.push(job);
    return job;
  }

  advance(id: number): Job | undefined {
    const job = this.find(id);
    if (job && job.state !== State.Done) {
      const before = job.state;
      job.state = before + 1;
      this.changes.emit({ job, before });
    }
    return job;
  }

  find(id: number): Job | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  waiting(): Job[] {
    return this.jobs.filter(({ state }) => state === State.Waiting);
  }

  protected weight(job: Job): number {
    return job.title.length;
  }
}

export function watch(queue: Queue, listener: Listener<Change>): () => void {
  return queue.changes.listen(listener);
}

export default Queue;
