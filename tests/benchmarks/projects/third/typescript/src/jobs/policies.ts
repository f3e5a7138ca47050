import { by, type Comparator } from '../util';
import type { Job } from './job';
import type { Policy } from './scheduler';

export const urgent: Policy = { name: 'urgent', compare: by<Job, 'priority' | 'id'>('priority', 'id') };

export const cheapest: Policy = {
  name: 'cheapest',
  compare(a, b) {
    return a.cost - b.cost || a.id - b.id;
  },
};

export class Reversed implements Policy {
  constructor(private readonly inner: Policy) {}

  get name(): string { return `reversed ${this.inner.name}`; }

  readonly compare: Comparator<Job> = (a, b) => this.inner.compare(b, a);
}
