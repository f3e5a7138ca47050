'use strict';

/** A tiny linear congruential generator, so that every run is the same. */
class Random {
  static MULTIPLIER = 1103515245;
  static MODULUS = 2 ** 31;

  #state;

  constructor(seed = 1) {
    this.#state = seed % Random.MODULUS;
  }

  next() {
    const product = BigInt(this.#state) * BigInt(Random.MULTIPLIER) + 12345n;
    this.#state = Number(product % BigInt(Random.MODULUS));
    return this.#state / Random.MODULUS;
  }

  int(limit) {
    return Math.floor(this.next() * limit);
  }

  pick(list) {
    return list[this.int(list.length)];
  }

  chance(percent) {
    return this.int(100) < percent;
  }
}

module.exports = Random;
