#!/usr/bin/env bash
# Drives the packaged extension in a real VS Code (code-server) and a headless Chromium.
#   lsp/vscode/test/run.sh TOOLS QCODE [SCREENSHOTS]
# TOOLS is a folder with node_modules of code-server, playwright-core and node >= 22 (some minutes:
# npm install code-server@4.139.1 playwright-core node@24); QCODE the program to be tested.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
tools=$(cd "$1" && pwd) qcode=$(realpath "$2") shots=${3:-$here/screenshots}
mkdir -p "$shots"
shots=$(cd "$shots" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/qcode-vscode-XXXXXX")
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export PATH=$tools/node_modules/.bin:$PATH
export QCODE_HOME=$work/home
cp -r "$top/examples/settings" "$work/settings"
git -C "$work/settings" init -q
git -C "$work/settings" add -A
git -C "$work/settings" -c user.name=a -c user.email=a@b.c commit -qm first
# The model's part is scripted: what is tried here is the way to the screen.
for _ in $(seq 200); do printf 'delay: 0.05\ntext:     return sum(values)\\n\n---\n'; done >"$work/complete.script"
export QCODE_COMPLETE_BACKEND=scripted QCODE_COMPLETE_SCRIPT=$work/complete.script
mkdir -p "$work/data/User" "$work/data/Machine"
cat >"$work/data/User/settings.json" <<JSON
{"qcode.server.path": "$qcode", "security.workspace.trust.enabled": false, "workbench.startupEditor": "none",
 "telemetry.telemetryLevel": "off", "update.mode": "none", "extensions.autoUpdate": false,
 "workbench.secondarySideBar.defaultVisibility": "hidden", "editor.minimap.enabled": false,
 "editor.quickSuggestions": {"other": false, "comments": false, "strings": false}, "files.autoSave": "off"}
JSON
echo "{\"qcode.server.path\": \"$qcode\"}" >"$work/data/Machine/settings.json"
code() { code-server --user-data-dir "$work/data" --extensions-dir "$work/extensions" "$@"; }
code --install-extension "$here/../qcode.vsix" >"$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
port=${PORT:-8897}
code --auth none --bind-addr "127.0.0.1:$port" "$work/settings" >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do curl -fs "http://127.0.0.1:$port/healthz" >/dev/null && break; sleep 0.2; done
mkdir -p "$work/drive"
cp "$here/drive.mjs" "$work/drive/"
ln -s "$tools/node_modules" "$work/drive/node_modules"
code-server --version | head -1
node "$work/drive/drive.mjs" "http://127.0.0.1:$port/?folder=$work/settings" "$work/settings" "$shots"
