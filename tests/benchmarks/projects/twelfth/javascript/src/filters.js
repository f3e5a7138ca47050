import { BoardError } from './errors.js';

export const byTag = (tag) => ({ task }) => task.hasTag(tag);
export const byColumn = (name) => ({ column }) => column.name === name;

export const byText = (text) => {
  const needle = text.toLowerCase();
  return ({ task }) => task.title.toLowerCase().includes(needle);
};

export const not = (filter) => (entry) => !filter(entry);
export const all = (...filters) => (entry) => filters.every((filter) => filter(entry));
export const any = (...filters) => (entry) => filters.some((filter) => filter(entry));

const KEYWORDS = {
  in: byColumn,
  text: byText,
};

/**
 * Parses queries such as `#ui -in:done | text:login`.
 * Terms are joined by "and", a bar separates alternatives.
 */
export function parseFilter(query) {
  const alternatives = query.split('|').map((part) => {
    const terms = part.trim().split(/\s+/).map(parseTerm);
    return all(...terms);
  });
  return any(...alternatives);
}

function parseTerm(term) {
  if (term.startsWith('-')) return not(parseTerm(term.slice(1)));
  if (term.startsWith('#')) return byTag(term);

  const [keyword, value] = term.split(':');
  const factory = value === undefined ? undefined : KEYWORDS[keyword];
  if (!factory) throw new BoardError(`cannot understand "${term}"`);
  return factory(value);
}

export function select(board, filter) {
  return [...board].filter(filter).map(({ task }) => task);
}
