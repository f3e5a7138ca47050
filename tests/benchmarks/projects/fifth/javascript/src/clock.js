import { SortedList } from './sorted.js';

const byDueTime = (a, b) => a.due - b.due || a.id - b.id;

/** Let every pending promise callback run before the clock moves on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A clock that only moves when told to. `sleep` and `schedule` count in
 * simulated milliseconds, so a run takes no real time at all.
 */
export class FakeClock {
  static EPOCH = 0;

  #timers = new SortedList(byDueTime);
  #nextId = 1;

  constructor(start = FakeClock.EPOCH) {
    this.time = start;
  }

  get pending() {
    return this.#timers.size;
  }

  now() {
    return this.time;
  }

  schedule(delay, callback) {
    const timer = { id: this.#nextId++, due: this.time + Math.max(0, delay), callback };
    this.#timers.push(timer);
    return timer;
  }

  sleep(delay) {
    return new Promise((resolve) => this.schedule(delay, resolve));
  }

  /** Run timers in due order until none is left or `limit` is reached; returns how many fired. */
  async run(limit = Infinity) {
    let fired = 0;
    await settle();
    while (this.#timers.size > 0 && this.#timers.peek().due <= limit) {
      const { due, callback } = this.#timers.pop();
      this.time = due;
      callback();
      fired += 1;
      await settle();
    }
    if (Number.isFinite(limit)) this.time = Math.max(this.time, limit);
    return fired;
  }
}

export function formatTime(time) {
  const seconds = Math.floor(time / 1000);
  const millis = String(time % 1000).padStart(3, '0');
  return `${String(seconds).padStart(2, '0')}.${millis}`;
}
