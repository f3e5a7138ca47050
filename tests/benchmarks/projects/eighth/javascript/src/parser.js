import { ParseError } from './errors.js';
import { OPPOSITE } from './room.js';

const ARTICLES = new Set(['the', 'a', 'an', 'my']);
const PREPOSITIONS = new Set(['on', 'with', 'at', 'in']);
const SHORT_DIRECTIONS = { n: 'north', s: 'south', u: 'up', d: 'down' };

export function toDirection(word) {
  const full = SHORT_DIRECTIONS[word] ?? word;
  return Object.hasOwn(OPPOSITE, full) ? full : null;
}

/** Splits "take a; go up then look" into its single sentences. */
export function* sentences(line) {
  for (const part of line.toLowerCase().split(/;|\bthen\b/)) {
    const sentence = part.trim();
    if (sentence) yield sentence;
  }
}

export class Parser {
  constructor(commands) {
    this.verbs = new Map();
    for (const [verb, { synonyms = [] }] of Object.entries(commands)) {
      [verb, ...synonyms].forEach((word) => this.verbs.set(word, verb));
    }
  }

  /** Parses one sentence to `{ verb, objects, target }`. */
  parse(sentence) {
    const [first, ...rest] = sentence.split(/\s+/).filter((word) => !ARTICLES.has(word));
    const direction = toDirection(first);
    if (direction) return { verb: 'go', objects: [direction] };

    const verb = this.verbs.get(first);
    if (!verb) throw new ParseError(first);

    const split = rest.findIndex((word) => PREPOSITIONS.has(word));
    if (split < 0) return { verb, objects: this.splitObjects(rest) };
    return {
      verb,
      objects: this.splitObjects(rest.slice(0, split)),
      target: rest.slice(split + 1).join(' '),
    };
  }

  splitObjects(words) {
    return words.join(' ').split(/ and |, ?/).filter(Boolean);
  }
}
