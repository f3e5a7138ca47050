import { columnName } from './src/address.js';
import { Sheet } from './src/sheet.js';
import { FormulaError, toText } from './src/values.js';

function printGrid(rows) {
  const header = ['', ...rows[0].map((_, index) => columnName(index))];
  const lines = [header, ...rows.map((row, index) => [String(index + 1), ...row])];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.log(line.map((text, column) => text.padEnd(widths[column])).join(' | ').trimEnd());
  }
}

const changes = [];
const sheet = new Sheet({
  onChange: (address, before, after) => changes.push(`  ${address}: "${before}" -> "${after}"`),
});

console.log('== Budget');
sheet
  .fill('A1', [
    ['Item', 'Units', 'Price', 'Total', 'Note'],
    ['Paper', 40, 4.5, '=B2*C2', '=IF(D2>100, "bulk", "small")'],
    ['Ink', 6, 32.25, '=B3*C3', '=IF(D3>100, "bulk", "small")'],
    ['Pens', 120, 0.35, '=B4*C4', '=IF(D4>100, "bulk", "small")'],
  ])
  .fill('A5', [['Sum', '=SUM(B2:B4)', '=D5/B5', '=SUM(D2:D4)', '=UPPER(E2) & "!"']]);
printGrid(sheet.rows('A1:E5'));

console.log('\n== Formulas');
const formulas = [
  '=AVERAGE(D2:D4)', '=MAX(B2:B4) - C2', '=COUNT(A1:E5)', '=-2^2 + (3 + 4) * 2',
  '=JOIN(", ", A2:A4)', '=D2 >= 180', '="12" / 5 <> 2',
  '=IF(D5 < 100, 1)', '=IF(D5 <= 500, B2 = 40, G1)',
  '=1/(B2-40)', '=AVERAGE(A2:A4)', '=NOPE(1)', '=SUM()', '=A2*2',
  '=G10+1',
  '=1+', '=2 ? 3', '=(1', '=B2:7', '=total',
];
formulas.forEach((formula, index) => {
  const address = `G${index + 1}`;
  try {
    sheet.set(address, formula);
    const value = sheet.value(address);
    const reason = value instanceof FormulaError ? ` (${value.message})` : '';
    console.log(formula.padEnd(28), toText(value) + reason);
  } catch (error) {
    console.log(formula.padEnd(28), `rejected: ${error.message}`);
  }
});

console.log('\n== Changes');
changes.length = 0;
for (const [address, input] of [['B4', 400], ['AA10', '=AB10'], ['AB10', '=AA10+1'], ['AB10', 5]]) {
  console.log(`${address} := ${input}`);
  sheet.set(address, input);
  changes.splice(0).forEach((change) => console.log(change));
}
console.log(`order: ${sheet.set('B3', '').join(' ')}`);
