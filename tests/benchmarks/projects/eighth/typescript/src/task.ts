import { Workspace } from "./workspace";

export type TaskName = string;

/** What a task does with its inputs; returns the content of its output file. */
export type Action = (inputs: ReadonlyMap<string, string>) => string;

export interface Task {
  readonly name: TaskName;
  readonly dependsOn: readonly TaskName[];
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly cost: number;
  readonly action: Action;
}

/** Thrown by an action to make its task fail. */
export class ActionFailure extends Error {}

export class TaskBuilder {
  private readonly dependsOn: TaskName[] = [];
  private readonly inputs: string[] = [];
  private output?: string;
  private cost = 1;

  constructor(private readonly name: TaskName) {}

  after(...names: TaskName[]): this {
    this.dependsOn.push(...names);
    return this;
  }

  reads(...globs: string[]): this {
    this.inputs.push(...globs);
    return this;
  }

  writes(path: string): this {
    this.output = path;
    return this;
  }

  costs(ticks: number): this {
    this.cost = ticks;
    return this;
  }

  does(action: Action): Task {
    const { name, dependsOn, inputs, output, cost } = this;
    return { name, dependsOn, inputs, output, cost, action };
  }
}

export const task = (name: TaskName): TaskBuilder => new TaskBuilder(name);

/** Collects the files that a task reads, by path. */
export function gatherInputs(task: Task, files: Workspace): Map<string, string> {
  return new Map(task.inputs.flatMap((glob) => [...files.match(glob)]));
}
