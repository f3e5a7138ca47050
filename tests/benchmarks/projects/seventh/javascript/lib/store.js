import { EventEmitter } from 'node:events';

/** A table of records with running ids. Emits `insert`, `update`, `remove`. */
export class Collection extends EventEmitter {
  #records = new Map();
  #nextId = 1;

  constructor(name) {
    super();
    this.name = name;
  }

  get size() {
    return this.#records.size;
  }

  *[Symbol.iterator]() {
    for (const record of this.#records.values()) {
      yield { ...record };
    }
  }

  insert(fields) {
    const record = { id: this.#nextId++, ...fields };
    this.#records.set(record.id, record);
    this.emit('insert', record);
    return { ...record };
  }

  find(id) {
    const record = this.#records.get(id);
    return record && { ...record };
  }

  update(id, changes) {
    const record = Object.assign(this.#records.get(id), changes, { id });
    this.emit('update', record);
    return { ...record };
  }

  remove(id) {
    const record = this.#records.get(id);
    this.#records.delete(id);
    this.emit('remove', record);
  }

  /** Finds records; `sort` names a field, `-field` sorts downwards. */
  query({ where = () => true, sort = 'id', offset = 0, limit = Infinity } = {}) {
    const descending = sort.startsWith('-');
    const field = descending ? sort.slice(1) : sort;
    const order = (a, b) => (a[field] < b[field] ? -1 : Number(a[field] > b[field]));
    const hits = [...this].filter(where).sort((a, b) => (descending ? order(b, a) : order(a, b)));
    return { total: hits.length, items: hits.slice(offset, offset + limit) };
  }
}
