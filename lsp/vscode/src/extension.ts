import { commands, ExtensionContext, languages, LogOutputChannel, window, workspace } from "vscode";
import { Server } from "./server";
import { Status } from "./status";
import { Proposals } from "./proposals";
import { showText } from "./text";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log: LogOutputChannel = window.createOutputChannel("qcode", { log: true });
  const status = new Status();
  const started = new Server(log, status);
  const proposals = new Proposals(started);
  server = started;
  context.subscriptions.push(
    log,
    status,
    commands.registerCommand("qcode.askRefactor", (begun?: unknown) =>
      proposals.ask(typeof begun === "string" ? begun : ""),
    ),
    commands.registerCommand("qcode.acceptFile", (place?: unknown) => proposals.settle("accept", place)),
    commands.registerCommand("qcode.discardFile", (place?: unknown) => proposals.settle("discard", place)),
    commands.registerCommand("qcode.acceptAll", () => proposals.settleAll("accept")),
    commands.registerCommand("qcode.discardAll", () => proposals.settleAll("discard")),
    commands.registerCommand("qcode.showText", (text: unknown) => showText(String(text))),
    commands.registerCommand("qcode.menu", () => status.menu(started)),
    commands.registerCommand("qcode.toggleInlineCompletion", async () => {
      const settings = workspace.getConfiguration("qcode");
      const now = settings.get<boolean>("inlineCompletion.enabled", true);
      await settings.update("inlineCompletion.enabled", !now, true);
    }),
    commands.registerCommand("qcode.showLog", () => log.show()),
    commands.registerCommand("qcode.restart", () => started.restart()),
    languages.onDidChangeDiagnostics(() => status.refresh()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("qcode.server.path")) {
        void started.restart();
      }
      status.refresh();
    }),
  );
  await started.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
