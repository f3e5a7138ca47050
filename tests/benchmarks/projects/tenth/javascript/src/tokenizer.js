'use strict';

class SelectorError extends Error {
  constructor(message, source, position) {
    super(`${message} at ${position} in "${source}"`);
    this.name = 'SelectorError';
  }
}

// Tried in order; each one is sticky and captures the value of its token.
const RULES = [
  ['operator', /([~^$*]?=)/y],
  ['combinator', /\s*([>+~])\s*/y],
  ['comma', /\s*(,)\s*/y],
  ['end', /\s*(\))/y],
  ['combinator', /(\s)\s*/y],
  ['id', /#([\w-]+)/y],
  ['class', /\.([\w-]+)/y],
  ['function', /:([\w-]+)\(\s*/y],
  ['pseudo', /:([\w-]+)/y],
  ['open', /(\[)/y],
  ['close', /(\])/y],
  ['string', /"([^"]*)"/y],
  ['number', /(\d+)/y],
  ['name', /([a-z][\w-]*)/iy],
  ['any', /(\*)/y],
];

function nextToken(source, position) {
  for (const [type, pattern] of RULES) {
    pattern.lastIndex = position;
    const match = pattern.exec(source);
    if (match) return { type, value: match[1], position, length: match[0].length };
  }
  throw new SelectorError(`Unexpected "${source[position]}"`, source, position);
}

/** Splits a selector into tokens. The last one has type "eof". */
function* tokenize(source) {
  let position = 0;
  while (position < source.length) {
    const token = nextToken(source, position);
    yield token;
    position += token.length;
  }
  yield { type: 'eof', value: '', position, length: 0 };
}

module.exports = { SelectorError, tokenize };
