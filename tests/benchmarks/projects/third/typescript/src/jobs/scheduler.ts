import { EventBus } from '../events/bus';
import { Heap, isOk, type Comparator, type Sized } from '../util';
import type { Job, Outcome } from './job';

export interface Clock {
  now(): number;
  advance(ticks: number): void;
}

export interface Policy {
  readonly name: string;
  compare: Comparator<Job>;
}

const fakeClock = (start = 0): Clock => {
  let now = start;
  return {
    now: () => now,
    advance(ticks) { now += ticks; },
  };
};

type Entry = readonly [name: string, outcome: Outcome];

export default class Scheduler implements Sized {
  readonly bus = new EventBus();
  private readonly done = new Map<string, Outcome>();
  private blocked: Job[] = [];
  private readonly ready: Heap<Job>;

  constructor(readonly policy: Policy, private readonly clock: Clock = fakeClock()) {
    this.ready = new Heap(policy.compare);
  }

  get size(): number { return this.ready.size + this.blocked.length; }

  add(...jobs: Job[]): this {
    for (const job of jobs) {
      if (job.after.every((name) => this.done.has(name))) this.ready.push(job);
      else this.blocked.push(job);
      const { size } = this;
      this.bus.emit('queued', { job, size });
    }
    return this;
  }

  private release(): void {
    const { blocked } = this;
    this.blocked = [];
    for (const job of blocked) {
      const isReady = job.after.every((name) => this.done.has(name));
      (isReady ? this.ready : this.blocked).push(job);
    }
  }

  *steps(): Generator<Entry, number, void> {
    let job: Job | undefined;
    while ((job = this.ready.pop())) {
      this.bus.emit('started', { job, at: this.clock.now() });
      const outcome = job.run();
      this.clock.advance(job.cost);
      this.done.set(job.name, outcome);
      this.bus.emit('finished', { job, at: this.clock.now(), outcome });
      this.release();
      yield [job.name, outcome];
    }
    this.bus.emit('idle', { at: this.clock.now() });
    return this.clock.now();
  }

  next(): Job | undefined { return this.ready.peek(); }

  get pending(): string[] { return [...this.ready, ...this.blocked].map(({ name }) => name); }

  get total(): number {
    return [...this.done.values()].filter(isOk).reduce((total, { value }) => total + value, 0);
  }
}
