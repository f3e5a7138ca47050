/**
 * A list that stays ordered by a compare function; equal items keep the order in which they came.
 *
 * @template T
 */
export class SortedList {
  #items = [];
  #compare;

  /** @param {(a: T, b: T) => number} compare */
  constructor(compare) {
    this.#compare = compare;
  }

  get size() {
    return this.#items.length;
  }

  peek() {
    return this.#items[0];
  }

  push(item) {
    const index = this.#items.findIndex((other) => this.#compare(item, other) < 0);
    this.#items.splice(index < 0 ? this.size : index, 0, item);
    return this;
  }

  pop() {
    return this.#items.shift();
  }

  *drain() {
    while (this.size > 0) yield this.pop();
  }
}
