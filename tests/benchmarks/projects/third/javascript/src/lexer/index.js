import { Kind, Token } from './token.js';

export * from './token.js';

const RULES = [
  [Kind.NUMBER, /\d+(?:\.\d+)?/y],
  [Kind.TEXT, /"[^"]*"/y],
  [Kind.REF, /[A-Z]\d+/y],
  [Kind.NAME, /[A-Za-z_]\w*/y],
  [Kind.OP, /[-+*/^()>,:&]/y],
];

const skipBlanks = (source, at) => {
  while (source[at] === ' ') at += 1;
  return at;
};

function match(source, at) {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const [text] = rule.exec(source) ?? [];
    if (text !== undefined) return new Token(kind, text, at);
  }
  return null;
}

/** Yields the tokens of `source` one by one; the last has kind `Kind.END`. */
export function* tokenize(source) {
  let at = skipBlanks(source, 0);
  while (at < source.length) {
    const token = match(source, at);
    if (!token) throw new SyntaxError(`tokenize: unexpected "${source[at]}" at ${at}`);
    yield token;
    at = skipBlanks(source, token.end);
  }
  yield Token.end(at);
}

export default tokenize;
