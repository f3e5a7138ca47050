import { Quantity, UnitError } from './src/units.js';
import { Ingredient, Recipe, RecipeBook, quickerThan, uses, withTag } from './src/recipe.js';
import { Pantry } from './src/pantry.js';
import { MealPlan } from './src/mealplan.js';
import { ShoppingList, createAisleFinder } from './src/shopping.js';
import { heading, recipeCard, shoppingLines } from './src/format.js';

const print = (...lines) => lines.forEach((line) => console.log(line));

const book = new RecipeBook().add(
  Recipe.fromText({
    title: 'Pancakes',
    servings: 4,
    minutes: 25,
    tags: ['sweet', 'breakfast'],
    ingredients: `
      250 g of flour, sifted
      500 ml of milk
      3 egg
      2 tbsp of sugar`,
  }),
  Recipe.fromText({
    title: 'Tomato pasta',
    servings: 2,
    minutes: 30,
    tags: ['vegan', 'dinner'],
    ingredients: `
      200 g of pasta
      400 g of tomato, chopped
      2 tbsp of olive oil`,
  }),
  Recipe.fromText({
    title: 'Potato omelette',
    servings: 4,
    minutes: 45,
    tags: ['dinner'],
    ingredients: `
      6 egg
      0.8 kg of potato, sliced
      100 ml of olive oil`,
  }),
);

const pantry = new Pantry()
  .stock('flour', new Quantity(1, 'kg'), { minimum: new Quantity(500, 'g') })
  .stock('egg', new Quantity(4), { minimum: new Quantity(2) })
  .stock('olive oil', new Quantity(10, 'tbsp'));

print(heading('Recipes'));
for (const recipe of book) print(...recipeCard(recipe));

const titles = (...filters) => book.find(...filters).map(({ title }) => title).join(', ');
print(heading('Search'), `quick dinners: ${titles(withTag('dinner'), quickerThan(40))}`, `with eggs: ${titles(uses('egg'))}`);

const plan = new MealPlan(book)
  .schedule('Sat', 'Pancakes', 6)
  .schedule('Mon', 'Tomato pasta', 4)
  .schedule('Wed', 'Potato omelette', 2);

print(heading('Plan'));
for (const { day, recipe } of plan) print(`${day}  ${recipe.title} (${recipe.servings})`);

const list = ShoppingList.forPlan(plan, pantry);
const aisleOf = createAisleFinder({
  dairy: ['milk', 'egg'],
  produce: ['tomato', 'potato'],
  baking: ['flour', 'sugar'],
});
list.check('milk', 'egg', 'pasta', 'tomato', 'potato', 'chocolate');
print(
  heading('Shopping list'),
  ...shoppingLines(list.groupBy(aisleOf), (name) => list.checked.has(name)),
  `put away: ${list.putAway(pantry)} items`,
);

print(heading('Cooking'));
const stopListening = pantry.onLow(({ name, left, minimum }) => {
  print(`  low on ${name}: ${left} left, want ${minimum}`);
});
for (const { day, recipe } of plan) {
  print(`${day}: ${recipe.title}`);
  const unavailable = pantry.cook(recipe);
  if (unavailable.length > 0) print(`  went without ${unavailable.join(', ')}`);
}
stopListening();
pantry.consume('flour', new Quantity(100, 'g'));

print(heading('Pantry'));
for (const [name, quantity] of pantry.entries()) print(`${name.padEnd(12)}${quantity}`);

print(heading('Mistakes'));
const attempts = [
  () => Ingredient.parse('a pinch of luck'),
  () => Ingredient.parse('2 cups of tea'),
  () => new Quantity(1, 'kg').to('ml'),
  () => plan.schedule('Someday', 'Pancakes', 2),
];
for (const attempt of attempts) {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof UnitError || error instanceof RangeError)) throw error;
    print(`${error.name}: ${error.message}`);
  }
}
