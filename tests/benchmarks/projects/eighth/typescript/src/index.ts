import { ContentCache } from "./cache";
import { PlanError } from "./errors";
import { Executor } from "./executor";
import { TaskGraph } from "./graph";
import { combine, LineReporter, SummaryReporter } from "./reporters";
import { Action, ActionFailure, Task, task } from "./task";
import { Workspace } from "./workspace";

const concat: Action = (inputs) => [...inputs.values()].join("\n");

const lint: Action = (inputs) => {
  for (const [path, text] of inputs) {
    if (text.includes("TODO")) throw new ActionFailure(`${path} has a TODO`);
  }
  return "clean";
};

const tasks = [
  task("lint").reads("src/*.js").does(lint),
  task("styles").reads("css/*.css").writes("out/site.css").costs(2).does(concat),
  task("bundle").after("lint").reads("src/*.js").writes("out/app.js").costs(4).does(concat),
  task("minify")
    .after("bundle")
    .reads("out/app.js")
    .writes("out/app.min.js")
    .costs(3)
    .does((inputs) => concat(inputs).replace(/\s+/g, "")),
  task("site").after("minify", "styles").does(() => "done"),
];

/** Says why a list of tasks cannot be planned. */
function explain(goal: string, broken: Task[]): string {
  try {
    return `${new TaskGraph(broken).plan(goal).length} tasks`;
  } catch (error) {
    if (error instanceof PlanError) return error.toString();
    throw error;
  }
}

function scenario(): string[] {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);

  const files = new Workspace({
    "src/a.js": "let a = 1;\nlet b = 2;",
    "src/b.js": "print(a + b);",
    "css/base.css": "body { margin: 0 }",
  });
  const cache = new ContentCache<string>(6);
  const reporter = combine(new LineReporter(write), new SummaryReporter(write));
  const executor = new Executor(files, cache, reporter);
  const graph = new TaskGraph(tasks);

  write(`critical path: ${graph.criticalPath("site").join(" > ")}`);

  executor.run("clean build", graph.plan("site"));
  executor.run("nothing changed", graph.plan("site"));

  files.edit("css/base.css", (css) => `${css}\nh1 { color: red }`);
  executor.run("new style", graph.plan("site"));

  files.edit("src/b.js", (code) => `${code} // TODO`);
  executor.run("bad commit", graph.plan("minify", "styles"));

  files.edit("src/b.js", (code) => code.replace(" // TODO", ""));
  new Executor(files, cache, reporter, 1).run("reverted", graph.plan("site"));

  for (const [file, text] of files.match("out/*.js")) write(`${file}: ${JSON.stringify(text)}`);
  const { hits, misses, evictions } = cache.stats;
  write(`cache: ${hits} hits, ${misses} misses, ${evictions} evictions; ${files.size} files`);

  write(explain("x", [task("x").after("y").does(concat), task("y").after("x").does(concat)]));
  write(explain("app", [task("app").after("lib").does(concat)]));
  return lines;
}

export const output = scenario().join("\n");
