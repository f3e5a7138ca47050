import Scheduler, {
  FibonacciJob as Fib, Job, Priority, ShellJob, State, SumJob, label, policies,
} from './jobs';
import type { AnyJob, Clock, Options, Policy } from './jobs';
import { Heap, Result, by, err, groupBy, isOk, ok, type Failure, type Sized } from './util';
import { LruCache, memoized, type Stats } from './cache/memo';
import type { EventName } from './events/bus';

const lines: string[] = [];
const print = (...parts: unknown[]): number => lines.push(parts.map(String).join(' '));

function section(title: string, body: () => void): void {
  print(`-- ${title}`);
  body();
}

const jobs = (base: Options = {}): AnyJob[] => [
  new SumJob('invoices', [30, 12, 8], base),
  new Fib('growth', 30, { ...base, priority: Priority.Low, cost: 2 }),
  ShellJob.parse('len lantern', { priority: Priority.High }),
  new SumJob('empty', [], { after: ['invoices'], cost: 4 }),
  new Fib('tail', 12, { after: ['empty', 'shell:len'], priority: Priority.High }),
  new SumJob('orphan', [1], { after: ['missing'] }),
];

const show = (outcome: Result<number, string>): string =>
  outcome.kind === 'ok' ? `= ${outcome.value}` : `failed: ${outcome.error}`;

class Recorder {
  private static instances = 0;
  readonly counts: Partial<Record<EventName, number>> = {};
  last?: { name: string; at?: number };

  constructor(scheduler: Scheduler) {
    Recorder.instances += 1;
    scheduler.bus.on('started', this.onStarted);
    scheduler.bus.on('finished', ({ job: { name }, at }) => { this.last = { name, at }; });
    scheduler.bus.on('queued', this.onQueued.bind(this));
  }

  static get total(): number { return Recorder.instances; }

  private onStarted = ({ job, at }: { job: Job; at: number }): void => {
    this.bump('started');
    print(`  ${at}: ${job.describe()}`);
  };

  private onQueued(): void { this.bump('queued'); }

  private bump(name: EventName): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }
}

function simulate(policy: Policy, clock?: Clock): void {
  const scheduler = new Scheduler(policy, clock);
  const recorder = new Recorder(scheduler);
  const idle: number[] = [];
  const stop = scheduler.bus.on('idle', ({ at }) => void idle.push(at));
  scheduler.add(...jobs());
  print(policy.name, 'first', scheduler.next()?.name, 'size', scheduler.size, recorder.last?.name ?? 'none');
  for (const [name, outcome] of scheduler.steps()) print('  ', name, show(outcome));
  print('total', scheduler.total, 'pending', scheduler.pending, 'idle', idle, stop(), stop());
  print('last', recorder.last?.name, recorder.last?.at?.toFixed(1), JSON.stringify(recorder.counts));
  print('log', scheduler.bus.log.length, scheduler.bus.log.lastIndexOf('idle'));
}

section('labels', () => {
  for (const job of jobs({ cost: 7 })) print(label(job), job.cost, job.state === State.Waiting);
  const groups = groupBy(jobs(), (job) => job.kind);
  const sizes = Object.entries(groups).map(([kind, list]) => `${kind}:${list.length}`);
  print(...sizes, groups.shell?.[0].name);
});

section('policies', () => {
  const { urgent, cheapest, Reversed } = policies;
  const start = 100;
  let now = start;
  simulate(urgent);
  simulate(cheapest, { now: () => now, advance: (ticks) => { now += 2 * ticks; } });
  simulate(new Reversed(urgent));
  print('elapsed', now - start, 'recorders', Recorder.total);
});

section('cache', () => {
  const cache = new LruCache<string, number>();
  const lookup = (key: string): number => cache.get(key, ({ length }) => length);
  print(['a', 'bb', 'a', 'ccc', 'dddd', 'bb'].map(lookup), cache.get('zz') ?? 'absent', cache.has('a'));
  print(cache.keys(), cache.summary, cache.capacity, LruCache.DEFAULT_CAPACITY);
  for (const [name, { summary, size }] of memoized) print(name, summary, size);
  const stats: Stats = { hits: 2, misses: 1 };
  print(cache['summary'].length, stats['hits'], stats.evicted ?? 0);
});

section('results', () => {
  const failure: Failure<string> = err('no luck');
  const runLine = (line: string) => Result.attempt(() => ShellJob.parse(line).run());
  const parsed = ['size a b', 'now', 'format c'].map(runLine);
  parsed.forEach((result) => print(isOk(result) ? show(result.value) : result.error));
  const twice = (result: Result<number, string>): number =>
    Result.unwrapOr(Result.map(result, (value) => value * 2), -1);
  print([ok(21), failure].map(twice));
  const job = new SumJob('once', [4, 5]);
  print(show(job.run()), Result.attempt(() => job.run()).kind, JSON.stringify(job).replace(/\d+/, 'N'));
});

section('heap', () => {
  const heap = new Heap(by<{ name: string; size: number }, 'size' | 'name'>('size', 'name'));
  heap.push({ name: 'pebble', size: 3 }, { name: 'crate', size: 8 }).push({ name: 'acorn', size: 3 });
  const biggest = (...things: Sized[]): number => Math.max(...things.map(({ size }) => size));
  print(heap.size, heap.pop()?.name, heap.peek()?.name, [...heap].map(({ name: label }) => label));
  print(biggest(heap, new LruCache(), ...heap));
});

export const output = lines.join('\n') + '\n';
