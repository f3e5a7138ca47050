import { Queue, State, watch } from "./queue";
import { Report, label as text } from "./report";
export { Emitter } from "./events";

export function run(): string[] {
  const queue = new Queue();
  const lines: string[] = [];
  const stop = watch(queue, ({ job, before }) => lines.push(`${text(job)} was ${State[before]}`));
  const first = queue.push("load");
  const { id } = queue.push("transform");
  queue.advance(first.id);
  queue.advance(first.id);
  queue.advance(id);
  stop();
  const report = Report.of(queue);
  lines.push(report.render([1, 2]), report.heaviest([1, 2])?.title ?? "none");
  lines.push(String(queue.waiting().length), String(queue.changes.count));
  return lines;
}

export const output = run().join("\n");
