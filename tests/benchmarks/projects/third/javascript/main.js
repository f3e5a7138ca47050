import Sheet, { builtins, createCounter, CycleError, Emitter, loadSheet } from './src/runtime/index.js';
import { parse, ParseError, Parser } from './src/parser.js';
import tokenize, { Kind } from './src/lexer/index.js';
import { Call, Name as Constant, Node, Range } from './src/nodes/index.js';
import { total as addUp, average } from './src/runtime/builtins.js';

const print = (label, ...values) => console.log(`${label.padEnd(12)} ${values.join(' ')}`.trimEnd());
const section = (title) => console.log(`\n== ${title} ==`);

function showTokens(source) {
  const tokens = [...tokenize(source)];
  print('tokens', ...tokens);
  print('ends', ...tokens.map(({ start, end }) => `${start}-${end}`));
  print('numbers', tokens.filter((token) => token.kind === Kind.NUMBER).length);
}

function showTree(source) {
  const root = parse(source);
  const range = root.find((node) => node instanceof Range);
  const calls = [...root.walk()].filter((node) => node instanceof Call).map(({ name }) => name);
  print('render', root.render());
  print('size', root.size, 'calls', calls, 'constant', root.find((n) => n instanceof Constant)?.key ?? '-');
  print('range', range ? [...range.keys()] : 'none');
}

function showErrors(...sources) {
  for (const source of sources) {
    try {
      print('parsed', new Parser(source).parse().render());
    } catch (error) {
      const excerpt = error instanceof ParseError ? error.excerpt : error.name;
      print('error', error.message, '|', excerpt);
    }
  }
}

function showSheet(sheet) {
  print('title', sheet.title, `#${sheet.id}`, `size=${sheet.size}`, JSON.stringify(sheet.limits));
  for (const { key, value } of sheet) print(key, sheet.format(value));
}

section('lexer');
showTokens('SUM(A1:A3) * 2.50 & "kg"');

section('parser');
showTree('SUM(A1:B2) + rate * 2 ^ 3');
showTree('IF(A1 > 3, MAX(A1, 2), "low")');
showErrors('1 + ', '(2 * 3', 'A1 B1', '4 $ 4', '7 - 2 - 1');

section('budget');
const seen = [];
const budget = loadSheet('budget', { onSet: (key, raw) => seen.push(`${key}${raw}`) });
showSheet(budget);
print('watched', ...seen);

section('events');
const sink = createCounter();
const off = budget.on('set', ({ key, previous }) => {
  sink.emit('set');
  print('changed', key, previous, '->', budget.get(key));
});
budget.once('set', function first({ key }) {
  sink.emit('first');
  print('first', key, this.get('C5').toFixed(1));
});
budget.set('B1', 100).set('B3', 40);
off();
budget.set('B2', 20);
print('counts', JSON.stringify(sink.counts), sink.total, sink['total'] + 1);
print('after', budget.format(budget.get('B5')), budget.format(budget.get('C5')), budget.lookup('rate'));
print('emitter', budget instanceof Emitter, new Emitter().emit('set'));

section('builtins');
builtins.register('DOUBLE', (value) => value * 2).register('FIRST', (get) => get(), { isLazy: true });
print('names', ...builtins.names());
const scratch = new Sheet({ limits: { maxRows: 4 } });
const method = 'tryGet';
scratch.set('A1', 4).set('A2', '=DOUBLE(A1) + FIRST(1, 1 / 0)').set('A3', '=A1 / 0').set('A4', '=NOPE(1)');
scratch.set('A5', '=AVERAGE(A1:A2)');
showSheet(scratch);
print('dynamic', scratch[method]('A2'), scratch['format'](0.5));
print('fallback', scratch.tryGet('A3', ({ message }) => message));
print('cycle', budget.tryGet('D1', (e) => e instanceof CycleError));
print('formulas', scratch.formulas().map(([key, formula]) => `${key}:${formula.render()}`).join(' '));
print('helpers', addUp(1, 2, 3), average(2, 4), builtins.resolve('ROUND')(2.345, 1), builtins.lazy.size);
print('nodes', Node.created);
try {
  new Node().evaluate();
} catch ({ message }) {
  print('abstract', message);
}
