export const heading = (text) => `== ${text} ==`;

export function recipeCard(recipe) {
  const { title, servings, minutes, tags, ingredients } = recipe;
  return [
    `${title} for ${servings}, ${minutes} min [${tags.join(', ')}]`,
    ...ingredients.map((ingredient) => `  - ${ingredient}`),
  ];
}

export const shoppingLines = (groups, isChecked) =>
  groups.flatMap(([aisle, items]) => [
    `${aisle}:`,
    ...items.map(({ name, quantity }) => `  [${isChecked(name) ? 'x' : ' '}] ${name.padEnd(14)}${quantity}`),
  ]);
