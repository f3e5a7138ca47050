import * as path from "node:path";
import { commands, ExtensionContext, LogOutputChannel, Uri, window, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;
let log: LogOutputChannel;

/** Starts `qcode lsp`; says where to look when that fails, and stays quiet otherwise. */
async function start(): Promise<void> {
  const program = workspace.getConfiguration("qcode").get<string>("server.path", "qcode");
  // A relative path would be resolved against the open folder, which could then supply the program.
  if (program !== path.basename(program) && !path.isAbsolute(program)) {
    void window.showErrorMessage(`qcode.server.path must be a name or an absolute path, not ${program}.`);
    return;
  }
  const server: ServerOptions = { command: program, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file" }],
    outputChannel: log,
  };
  client = new LanguageClient("qcode", "qcode", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    log.error(String(error));
    void window.showErrorMessage(
      `qcode did not start: is ${program} installed? The setting is qcode.server.path.`,
    );
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

/** Asks for a sentence and sends it; the server answers with a workspace edit and messages. */
async function askRefactor(): Promise<void> {
  if (!client) {
    void window.showErrorMessage("qcode is not running. Try: qcode: Restart the Server.");
    return;
  }
  const request = await window.showInputBox({
    title: "qcode: refactor",
    prompt: "What should change?",
    placeHolder: "rename old_name to new_name",
  });
  if (!request?.trim()) {
    return;
  }
  const uri: Uri | undefined =
    window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
  const argument = uri ? { request, uri: client.code2ProtocolConverter.asUri(uri) } : { request };
  await commands.executeCommand("qcode.refactor", argument);
}

export async function activate(context: ExtensionContext): Promise<void> {
  log = window.createOutputChannel("qcode", { log: true });
  context.subscriptions.push(
    log,
    commands.registerCommand("qcode.askRefactor", askRefactor),
    commands.registerCommand("qcode.restart", async () => {
      await stop();
      await start();
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}
