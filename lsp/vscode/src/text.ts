import { commands, Uri, window, workspace } from "vscode";

/** Shows Markdown beside the code, rendered. */
export async function showText(text: string): Promise<void> {
  const document = await workspace.openTextDocument({ language: "markdown", content: text });
  await window.showTextDocument(document, { preview: true, preserveFocus: true, viewColumn: -2 });
  try {
    await commands.executeCommand("markdown.showPreviewToSide", Uri.parse(document.uri.toString()));
  } catch {
    // Without the built-in preview the text itself is shown.
  }
}
