import { QueryError } from "./values";

export type TokenKind = "word" | "keyword" | "number" | "string" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly position: number;
}

const KEYWORDS = new Set([
  "select", "from", "where", "join", "on", "group", "by", "having", "order", "limit",
  "as", "and", "or", "not", "asc", "desc", "null", "is",
]);

const PATTERN = /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([a-z_]\w*)|(<=|>=|<>|[-+*/%=<>(),.]))/iy;

/** Splits a query into tokens; the last one always has the kind "end". */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < source.trimEnd().length) {
    PATTERN.lastIndex = position;
    const match = PATTERN.exec(source);
    if (!match) throw new QueryError(`unexpected "${source.charAt(position)}"`, position);
    const [, number, string, word, symbol] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number, position });
    else if (string !== undefined) tokens.push({ kind: "string", text: string, position });
    else if (word !== undefined) {
      const text = word.toLowerCase();
      tokens.push({ kind: KEYWORDS.has(text) ? "keyword" : "word", text, position });
    } else tokens.push({ kind: "symbol", text: symbol, position });
    position = PATTERN.lastIndex;
  }
  tokens.push({ kind: "end", text: "", position });
  return tokens;
}
