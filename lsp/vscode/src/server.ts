import * as path from "node:path";
import { commands, LogOutputChannel, window, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import type { Status } from "./status";

/** Commands of this extension that the server may name in its code actions. */
const OURS = ["qcode.askRefactor", "qcode.showText"];

interface Explained {
  text: string;
  message: string;
}

/** `qcode lsp`: started, stopped, and asked. */
export class Server {
  private client: LanguageClient | undefined;

  constructor(
    private readonly log: LogOutputChannel,
    private readonly status: Status,
  ) {}

  /** Starts it; says where to look when that fails, and stays quiet otherwise. */
  async start(): Promise<void> {
    const program = workspace.getConfiguration("qcode").get<string>("server.path", "qcode");
    // A relative path would be resolved against the open folder, which could then supply the program.
    if (program !== path.basename(program) && !path.isAbsolute(program)) {
      this.status.failed("qcode.server.path");
      void window.showErrorMessage(`qcode.server.path must be a name or an absolute path, not ${program}.`);
      return;
    }
    const run: ServerOptions = { command: program, args: ["lsp"] };
    const options: LanguageClientOptions = {
      documentSelector: [{ scheme: "file" }],
      outputChannel: this.log,
      initializationOptions: {
        commands: OURS,
        preview: true,
        qcode: JSON.parse(JSON.stringify(workspace.getConfiguration("qcode"))) as unknown,
      },
      middleware: {
        executeCommand: async (command, args, next) => {
          const answer: unknown = await next(command, args);
          if (command === "qcode.explain" && answer) {
            const { text, message } = answer as Explained;
            await commands.executeCommand("qcode.showText", text || message);
          }
          return answer;
        },
      },
    };
    this.client = new LanguageClient("qcode", "qcode", run, options);
    this.status.starting();
    try {
      await this.client.start();
      this.status.ready(this);
    } catch (error) {
      this.client = undefined;
      this.log.error(String(error));
      this.status.failed(String(error));
      const install = "How to install it";
      const chosen = await window.showErrorMessage(
        `qcode did not start: is ${program} installed? The setting is qcode.server.path.`,
        install,
      );
      if (chosen === install) {
        await commands.executeCommand("workbench.action.openWalkthrough", "qcode.qcode#qcode.start");
      }
    }
  }

  async stop(): Promise<void> {
    const running = this.client;
    this.client = undefined;
    await running?.dispose();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** The answer of one of the server's commands; undefined, after a message, without a server. */
  async command<T>(name: string, argument: object): Promise<T | undefined> {
    if (!this.client) {
      void window.showErrorMessage("qcode is not running. Try: qcode: Restart the Server.");
      return undefined;
    }
    return this.client.sendRequest<T>("workspace/executeCommand", { command: name, arguments: [argument] });
  }

  get running(): boolean {
    return this.client !== undefined;
  }
}
