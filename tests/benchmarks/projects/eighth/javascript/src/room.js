export const OPPOSITE = Object.freeze({ north: 'south', south: 'north', up: 'down', down: 'up' });

/** Joins words as English does: "a, b and c". */
export function listing(words) {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

export class Room {
  constructor(title, { text, dark = false, items = [] }) {
    this.title = title;
    this.text = text;
    this.dark = dark;
    this.items = [...items];
    this.exits = new Map();
    this.visited = false;
  }

  /** Connects two rooms in both directions. */
  connect(direction, other) {
    this.exits.set(direction, other);
    other.exits.set(OPPOSITE[direction], this);
    return other;
  }

  find(noun) {
    return this.items.find((item) => item.matches(noun));
  }

  add(...items) {
    this.items.push(...items);
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
  }

  describe() {
    const lines = [`== ${this.title} ==`, this.text];
    if (this.items.length > 0) {
      lines.push(`You see: ${listing(this.items.map((item) => item.label))}.`);
    }
    lines.push(`Exits: ${[...this.exits.keys()].sort().join(', ')}`);
    return lines.join('\n');
  }
}
