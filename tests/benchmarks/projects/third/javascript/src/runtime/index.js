import { readFileSync } from 'node:fs';
import { Sheet } from './sheet.js';

export { Sheet, CycleError, Sheet as default } from './sheet.js';
export { Emitter, counter as createCounter } from './emitter.js';
export * as builtins from './builtins.js';

const read = (name) => JSON.parse(readFileSync(new URL(`../../data/${name}.json`, import.meta.url), 'utf8'));

/** Reads `data/<name>.json` and fills a sheet, calling `onSet` for each watched cell. */
export function loadSheet(name, { onSet } = {}) {
  const { cells, watch = [], ...options } = read(name);
  const sheet = new Sheet(options);
  if (onSet) {
    sheet.on('set', ({ key, raw }) => watch.includes(key) && onSet(key, raw));
  }
  Object.entries(cells).forEach(([key, raw]) => sheet.set(key, raw));
  return sheet;
}
