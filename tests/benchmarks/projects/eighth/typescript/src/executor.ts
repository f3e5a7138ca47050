import { ContentCache, digest, Digest } from "./cache";
import { Reporter } from "./reporters";
import { ActionFailure, gatherInputs, Task, TaskName } from "./task";
import { Workspace } from "./workspace";

export enum Status {
  Built = "built",
  Cached = "cached",
  Failed = "failed",
  Skipped = "skipped",
}

export interface Outcome {
  readonly task: TaskName;
  readonly status: Status;
  readonly start: number;
  readonly end: number;
  readonly key?: Digest;
  readonly detail?: string;
}

type Result = Pick<Outcome, "status" | "key" | "detail">;

/** Runs plans on a simulated clock with a number of simulated workers. */
export class Executor {
  constructor(
    private readonly files: Workspace,
    private readonly cache: ContentCache<string>,
    private readonly reporter: Reporter,
    private readonly workers = 2,
  ) {}

  run(title: string, plan: readonly Task[]): void {
    const freeAt = new Array<number>(this.workers).fill(0);
    const outcomes = new Map<TaskName, Outcome>();
    this.reporter.begin?.(title, plan.length);

    for (const task of plan) {
      const deps = task.dependsOn.map((name) => outcomes.get(name)!);
      const worker = freeAt.indexOf(Math.min(...freeAt));
      const start = Math.max(freeAt[worker], ...deps.map(({ end }) => end));
      const result = this.execute(task, deps);
      const end = start + Executor.duration(task, result.status);
      freeAt[worker] = end;

      const outcome: Outcome = { task: task.name, start, end, ...result };
      outcomes.set(task.name, outcome);
      this.reporter.finished?.(outcome);
    }
    this.reporter.end?.([...outcomes.values()]);
  }

  private execute(task: Task, deps: readonly Outcome[]): Result {
    const broken = deps.find(({ status }) => status === Status.Failed || status === Status.Skipped);
    if (broken) return { status: Status.Skipped, detail: `needs ${broken.task}` };

    const inputs = gatherInputs(task, this.files);
    const key = digest(task.name, ...[...inputs].flat(), ...deps.map((dep) => dep.key ?? ""));
    const known = this.cache.lookup(key);
    try {
      const content = known ?? task.action(inputs);
      if (known === undefined) this.cache.store(key, content);
      if (task.output) this.files.write(task.output, content);
      return { status: known === undefined ? Status.Built : Status.Cached, key };
    } catch (error) {
      if (!(error instanceof ActionFailure)) throw error;
      return { status: Status.Failed, detail: error.message };
    }
  }

  private static duration(task: Task, status: Status): number {
    return status === Status.Built || status === Status.Failed ? task.cost : 0;
  }
}
