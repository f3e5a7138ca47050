import { commands, Disposable, MarkdownString, QuickPickItem, StatusBarAlignment, ThemeColor, window, workspace } from "vscode";
import type { Server } from "./server";

interface Report {
  version: string;
  models: Record<string, string | null>;
  completion: { asked: number; "from cache": number; shown: number; median_ms: Record<string, number> };
}

interface Choice extends QuickPickItem {
  run: string;
}

/** The item in the status bar, and the menu behind it. */
export class Status implements Disposable {
  private readonly item = window.createStatusBarItem("qcode.status", StatusBarAlignment.Right, 90);
  private server: Server | undefined;

  constructor() {
    this.item.name = "qcode";
    this.item.command = "qcode.menu";
    this.item.show();
  }

  starting(): void {
    this.item.text = "$(loading~spin) qcode";
    this.item.tooltip = "qcode is starting";
  }

  ready(server: Server): void {
    this.server = server;
    this.item.backgroundColor = undefined;
    this.refresh();
    void this.look();
  }

  failed(why: string): void {
    this.item.text = "$(warning) qcode";
    this.item.tooltip = `qcode did not start: ${why}`;
    this.item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
  }

  refresh(): void {
    if (this.server?.running) {
      const on = workspace.getConfiguration("qcode").get<boolean>("inlineCompletion.enabled", true);
      this.item.text = on ? "$(sparkle) qcode" : "$(circle-slash) qcode";
    }
  }

  /** What the models are and how fast completions come, for the tooltip. */
  async look(): Promise<Report | undefined> {
    const report = await this.server?.command<Report>("qcode.status", {});
    if (report) {
      this.item.tooltip = new MarkdownString(describe(report));
    }
    return report;
  }

  async menu(server: Server): Promise<void> {
    const report = server.running ? await this.look() : undefined;
    const on = workspace.getConfiguration("qcode").get<boolean>("inlineCompletion.enabled", true);
    const choices: Choice[] = [
      { label: "$(edit) Refactor…", run: "qcode.askRefactor" },
      { label: on ? "$(circle-slash) Turn inline completion off" : "$(sparkle) Turn inline completion on", run: "qcode.toggleInlineCompletion" },
      { label: "$(output) Show the log", run: "qcode.showLog" },
      { label: "$(refresh) Restart the server", run: "qcode.restart" },
    ];
    const complete = report?.models["complete"] ?? "no model for completion";
    const chosen = await window.showQuickPick(choices, {
      title: report ? `qcode ${report.version}: ${complete}` : "qcode is not running",
    });
    if (chosen) {
      await commands.executeCommand(chosen.run);
    }
  }

  dispose(): void {
    this.item.dispose();
  }
}

function describe(report: Report): string {
  const roles = Object.entries(report.models).map(([role, model]) => `- ${role}: ${model ?? "none"}`);
  const times = Object.entries(report.completion.median_ms).map(([stage, ms]) => `${stage} ${ms} ms`);
  return [`**qcode ${report.version}**`, "", ...roles, "", times.join(", ")].join("\n");
}
