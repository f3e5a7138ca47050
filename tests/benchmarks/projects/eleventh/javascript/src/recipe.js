import { Quantity } from './units.js';

const INGREDIENT_LINE = /^(?<amount>[\d.]+)\s+(?:(?<unit>[a-z]+)\s+of\s+)?(?<name>[^,]+)(?:,\s*(?<note>.+))?$/i;

export class Ingredient {
  constructor(name, quantity, note = '') {
    this.name = name;
    this.quantity = quantity;
    this.note = note;
  }

  /** Reads lines such as "250 g of flour, sifted" or "2 egg". */
  static parse(line) {
    const match = INGREDIENT_LINE.exec(line);
    if (!match) throw new RangeError(`cannot read ingredient "${line}"`);
    const { amount, unit = 'pc', name, note } = match.groups;
    return new Ingredient(name.trim(), new Quantity(Number(amount), unit), note);
  }

  scaled(factor) {
    return new Ingredient(this.name, this.quantity.times(factor), this.note);
  }

  toString() {
    const note = this.note ? ` (${this.note})` : '';
    return `${this.quantity} ${this.name}${note}`;
  }
}

export class Recipe {
  #tags;

  constructor({ title, servings, minutes, ingredients, tags = [] }) {
    this.title = title;
    this.servings = servings;
    this.minutes = minutes;
    this.ingredients = ingredients;
    this.#tags = new Set(tags);
  }

  static fromText({ ingredients, ...rest }) {
    const lines = ingredients.trim().split('\n').map((line) => line.trim());
    return new Recipe({ ...rest, ingredients: lines.map((line) => Ingredient.parse(line)) });
  }

  get tags() {
    return [...this.#tags].sort();
  }

  hasTag(tag) {
    return this.#tags.has(tag);
  }

  scaleTo(servings) {
    const factor = servings / this.servings;
    return new Recipe({
      title: this.title,
      servings,
      minutes: this.minutes,
      tags: this.tags,
      ingredients: this.ingredients.map((ingredient) => ingredient.scaled(factor)),
    });
  }
}

/** Recipes by title, with composable filters. */
export class RecipeBook {
  #recipes = new Map();

  add(...recipes) {
    for (const recipe of recipes) this.#recipes.set(recipe.title, recipe);
    return this;
  }

  get(title) {
    const recipe = this.#recipes.get(title);
    if (!recipe) throw new RangeError(`no recipe called "${title}"`);
    return recipe;
  }

  find(...predicates) {
    return [...this].filter((recipe) => predicates.every((test) => test(recipe)));
  }

  *[Symbol.iterator]() {
    yield* this.#recipes.values();
  }
}

export const withTag = (tag) => (recipe) => recipe.hasTag(tag);
export const quickerThan = (minutes) => (recipe) => recipe.minutes < minutes;
export const uses = (name) => (recipe) => recipe.ingredients.some((i) => i.name === name);
