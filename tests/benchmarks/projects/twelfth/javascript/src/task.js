import { BoardError } from './errors.js';

export const Priority = Object.freeze({ LOW: 1, NORMAL: 2, HIGH: 3 });

const PRIORITY_MARKS = { [Priority.LOW]: '-', [Priority.NORMAL]: ' ', [Priority.HIGH]: '!' };

/** A single card on the board. */
export class Task {
  #tags;

  constructor({ id, title, priority = Priority.NORMAL, tags = [] }) {
    if (!title?.trim()) {
      throw new BoardError('a task needs a title');
    }
    this.id = id;
    this.title = title.trim();
    this.priority = priority;
    this.#tags = new Set(tags.map(normalizeTag));
  }

  /** Tags in alphabetical order. */
  get tags() {
    return [...this.#tags].sort();
  }

  get mark() {
    return PRIORITY_MARKS[this.priority] ?? '?';
  }

  hasTag(tag) {
    return this.#tags.has(normalizeTag(tag));
  }

  /** Returns false when the tag was there already. */
  addTag(tag) {
    if (this.hasTag(tag)) return false;
    this.#tags.add(normalizeTag(tag));
    return true;
  }

  removeTag(tag) {
    return this.#tags.delete(normalizeTag(tag));
  }

  toString() {
    const suffix = this.tags.map((tag) => ` #${tag}`).join('');
    return `${this.mark}${this.id} ${this.title}${suffix}`;
  }
}

function normalizeTag(tag) {
  return tag.toLowerCase().replace(/^#/, '');
}
