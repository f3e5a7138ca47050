import { CycleError, UnknownTaskError } from "./errors";
import { Task, TaskName } from "./task";

type Mark = "visiting" | "done";

export class TaskGraph {
  private readonly tasks = new Map<TaskName, Task>();

  constructor(tasks: Iterable<Task>) {
    for (const task of tasks) this.tasks.set(task.name, task);
  }

  get(name: TaskName, neededBy?: TaskName): Task {
    const found = this.tasks.get(name);
    if (!found) throw new UnknownTaskError(name, neededBy);
    return found;
  }

  /** The tasks needed for the goals, each after all that it depends on. */
  plan(...goals: TaskName[]): Task[] {
    const marks = new Map<TaskName, Mark>();
    const ordered: Task[] = [];

    const visit = (name: TaskName, trail: readonly TaskName[]): void => {
      const mark = marks.get(name);
      if (mark === "done") return;
      if (mark === "visiting") {
        throw new CycleError([...trail.slice(trail.indexOf(name)), name]);
      }
      const current = this.get(name, trail[trail.length - 1]);
      marks.set(name, "visiting");
      current.dependsOn.forEach((dep) => visit(dep, [...trail, name]));
      marks.set(name, "done");
      ordered.push(current);
    };

    goals.forEach((goal) => visit(goal, []));
    return ordered;
  }

  /** The most expensive chain of tasks that ends in the goal. */
  criticalPath(goal: TaskName): TaskName[] {
    const costOf = (path: TaskName[]) => path.reduce((sum, name) => sum + this.get(name).cost, 0);
    const best = new Map<TaskName, TaskName[]>();
    for (const { name, dependsOn } of this.plan(goal)) {
      const paths = dependsOn.map((dep) => best.get(dep) ?? []);
      const [longest = []] = paths.sort((a, b) => costOf(b) - costOf(a));
      best.set(name, [...longest, name]);
    }
    return best.get(goal) ?? [];
  }
}
