const DAYS = Object.freeze(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);

export class MealPlan {
  #book;
  #meals = [];

  constructor(book) {
    this.#book = book;
  }

  schedule(day, title, servings) {
    if (!DAYS.includes(day)) throw new RangeError(`"${day}" is not a day`);
    this.#meals.push({ day, recipe: this.#book.get(title).scaleTo(servings) });
    return this;
  }

  /** Meals in the order of the week. */
  *[Symbol.iterator]() {
    for (const day of DAYS) yield* this.#meals.filter((meal) => meal.day === day);
  }

  /** All ingredients of the week, merged by name and dimension. */
  requirements() {
    const totals = new Map();
    for (const { recipe } of this) {
      for (const { name, quantity } of recipe.ingredients) {
        const key = `${name}/${quantity.dimension}`;
        const known = totals.get(key);
        totals.set(key, { name, quantity: known ? known.quantity.plus(quantity) : quantity });
      }
    }
    return [...totals.values()];
  }
}
