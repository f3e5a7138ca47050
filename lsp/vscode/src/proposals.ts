import { commands, ProgressLocation, TabInputTextDiff, Uri, window, workspace } from "vscode";
import type { Server } from "./server";

interface File {
  path: string;
  uri: string;
  kind: "changed" | "created" | "deleted";
  before: string;
  after: string;
}

interface Run {
  stop: string;
  message: string;
  proposal?: string;
  tests?: string;
  files: File[];
}

interface Settled {
  applied?: boolean;
  left: string[];
}

type How = "accept" | "discard";

/** A request's edits: shown side by side, taken or left file by file. */
export class Proposals {
  private current: { name: string; left: File[] } | undefined;

  constructor(private readonly server: Server) {}

  /** Asks for a sentence (`begun` is its start), has it done, and shows what came of it. */
  async ask(begun: string): Promise<void> {
    const request = await window.showInputBox({
      title: "qcode: refactor",
      prompt: "What should change?",
      placeHolder: "rename old_name to new_name",
      value: begun,
      valueSelection: [begun.length, begun.length],
    });
    if (!request?.trim()) {
      return;
    }
    const uri = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
    const argument = uri?.scheme === "file" ? { request, uri: uri.toString() } : { request };
    const run = await window.withProgress({ location: ProgressLocation.Window, title: "qcode" }, async () =>
      this.guarded(() => this.server.command<Run>("qcode.run", argument)),
    );
    if (!run) {
      return;
    }
    if (!run.proposal) {
      void window.showWarningMessage(`qcode: ${run.message}`);
      return;
    }
    await this.show(request, run, run.proposal);
  }

  /** Accepts or discards the file that is shown. */
  async settle(how: How, place: unknown): Promise<void> {
    const shown = place instanceof Uri ? place : shownUri();
    const file = this.current?.left.find((one) => one.after === shown?.toString() || one.before === shown?.toString());
    if (!this.current || !file) {
      void window.showInformationMessage("qcode: there is no edit to decide on here.");
      return;
    }
    await this.decide(how, [file]);
  }

  async settleAll(how: How): Promise<void> {
    if (this.current) {
      await this.decide(how, this.current.left);
    }
  }

  private async show(request: string, run: Run, name: string): Promise<void> {
    this.current = { name, left: run.files };
    await commands.executeCommand("setContext", "qcode.hasProposal", true);
    const title = `qcode: ${request} (${run.tests ?? "not tested"})`;
    const first = run.files[0];
    if (run.files.length === 1 && first) {
      await commands.executeCommand("vscode.diff", Uri.parse(first.before), Uri.parse(first.after), title);
    } else {
      const resources = run.files.map((file) => [Uri.parse(file.uri), Uri.parse(file.before), Uri.parse(file.after)]);
      await commands.executeCommand("vscode.changes", title, resources);
    }
    const all = "Accept all";
    const chosen = await window.showInformationMessage(
      `qcode: ${run.message} ${run.tests ?? ""}`.trim(),
      all,
      "Discard",
    );
    if (chosen && this.current?.name === name) {
      await this.settleAll(chosen === all ? "accept" : "discard");
    }
  }

  private async decide(how: How, files: File[]): Promise<void> {
    const current = this.current;
    if (!current || files.length === 0) {
      return;
    }
    const paths = files.map((file) => file.path);
    const answer = await this.guarded(() =>
      this.server.command<Settled>(`qcode.${how}`, { proposal: current.name, paths }),
    );
    if (!answer) {
      return;
    }
    current.left = current.left.filter((file) => answer.left.includes(file.path));
    const gone = files.filter((file) => !answer.left.includes(file.path));
    await closeTabs(gone, current.left.length === 0);
    if (current.left.length === 0) {
      this.current = undefined;
      await commands.executeCommand("setContext", "qcode.hasProposal", false);
    }
  }

  private async guarded<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      void window.showErrorMessage(`qcode: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}

function shownUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputTextDiff ? input.modified : window.activeTextEditor?.document.uri;
}

/** The diffs of `files`, and the view of all of them once nothing is left to decide. */
async function closeTabs(files: File[], all: boolean): Promise<void> {
  const gone = new Set(files.flatMap((file) => [file.before, file.after]));
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) =>
      tab.input instanceof TabInputTextDiff
        ? gone.has(tab.input.modified.toString())
        : all && tab.label.startsWith("qcode: "),
    );
  await window.tabGroups.close(tabs);
}
