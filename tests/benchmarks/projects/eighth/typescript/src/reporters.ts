import { Outcome, Status } from "./executor";

export type Sink = (line: string) => void;

/** Is told of the course of a build; each listens to what it cares for. */
export interface Reporter {
  begin?(title: string, count: number): void;
  finished?(outcome: Outcome): void;
  end?(outcomes: readonly Outcome[]): void;
}

/** A line for each task as it finishes. */
export class LineReporter implements Reporter {
  private static readonly icons: Record<Status, string> = {
    [Status.Built]: "+",
    [Status.Cached]: "=",
    [Status.Failed]: "!",
    [Status.Skipped]: "-",
  };

  constructor(private readonly write: Sink) {}

  begin(title: string, count: number): void {
    this.write(`# ${title} (${count} tasks)`);
  }

  finished({ task, status, start, end, key, detail }: Outcome): void {
    const span = `${start}..${end}`;
    this.write(`  ${LineReporter.icons[status]} ${task.padEnd(7)} ${span} ${detail ?? key}`);
  }
}

/** Counts the outcomes of a build by status. */
export class SummaryReporter implements Reporter {
  private builds = 0;

  constructor(private readonly write: Sink) {}

  end(outcomes: readonly Outcome[]): void {
    const counts = Object.values(Status)
      .map((status) => [status, outcomes.filter((o) => o.status === status).length] as const)
      .filter(([, count]) => count > 0)
      .map(([status, count]) => `${count} ${status}`);
    const makespan = Math.max(...outcomes.map((o) => o.end));
    this.write(`  build ${++this.builds}: ${counts.join(", ")}; time ${makespan}`);
  }
}

/** Passes each event on to several reporters. */
export function combine(...reporters: Reporter[]): Reporter {
  return {
    begin: (title, count) => reporters.forEach((r) => r.begin?.(title, count)),
    finished: (outcome) => reporters.forEach((r) => r.finished?.(outcome)),
    end: (outcomes) => reporters.forEach((r) => r.end?.(outcomes)),
  };
}
