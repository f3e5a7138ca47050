import Queue, { State, type Job } from "./queue";
import * as queues from "./queue";

type Row = [label: string, amount: number];

const NAMES: Record<State, string> = {
  [State.Waiting]: "waiting",
  [State.Running]: "running",
  [State.Done]: "done",
};

export function label(job: Job): string {
  const state = NAMES[job.state];
  return `${job.id}:${job.title}(${state})`;
}

export function rows(queue: Queue, ids: number[]): Row[] {
  const found = ids.map((id) => queue.find(id)).filter((job): job is Job => job !== undefined);
  return found.map((job) => [label(job), job.title.length]);
}

export class Report {
  constructor(private readonly queue: Queue, readonly heading: string = "Jobs") {}

  render(ids: number[]): string {
    const rowsOf = rows(this.queue, ids);
    return `${this.heading}\n` + rowsOf.map(([label, amount]) => `${label} ${amount}`).join("\n");
  }

  heaviest(ids: number[]): Job | undefined {
    const jobs = ids.map((id) => this.queue.find(id)!);
    return jobs.reduce((first, second) => this.queue.heavier(first, second));
  }

  static of(queue: queues.Queue): Report {
    return new Report(queue);
  }
}
