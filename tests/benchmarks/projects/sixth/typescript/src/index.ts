import { DefinitionError, MachineDefinition } from './machine/definition';
import { Interpreter } from './machine/interpreter';
import { Outcome } from './machine/types';
import { Order, OrderEvent, Shipping, balance, emptyOrder, formatCents, shippingCost, subtotal } from './order/order';
import { OrderState, orderMachine } from './order/workflow';

const lines: string[] = [];

function describe(outcome: Outcome<OrderState>): string {
  switch (outcome.kind) {
    case 'moved':
      return `${outcome.from} -> ${outcome.to}`;
    case 'stayed':
      return `stays ${outcome.state}`;
    case 'rejected':
      return `rejected in ${outcome.state}: ${outcome.reason}`;
  }
}

function runOrder(title: string, events: readonly OrderEvent[]): void {
  lines.push(`== ${title}`);
  const order = new Interpreter<Order, OrderEvent, OrderState>(orderMachine, emptyOrder());
  let warehouseSteps = 0;
  const unsubscribe = order.subscribe((outcome, context) => {
    if (order.matches('fulfilment')) warehouseSteps++;
    if (outcome.kind === 'stayed') lines.push(`     balance ${formatCents(balance(context))}`);
  });
  events.forEach((event) => order.send(event));
  unsubscribe();

  for (const { step, event, outcome } of order.journal) {
    lines.push(`${String(step).padStart(3)}. ${event.padEnd(9)} ${describe(outcome)}`);
  }
  const { context, journal } = order;
  const visits = [...journal.visits()].map(([state, count]) => `${state} x${count}`);
  lines.push(
    `items ${formatCents(subtotal(context))}, shipping ${formatCents(shippingCost(context))}`,
    `visits: ${visits.join(', ')}`,
    `notes: ${context.notes.join(' | ')}`,
    `ended in ${order.state}${order.done ? '' : ' (open)'}, warehouse steps: ${warehouseSteps}\n`,
  );
}

const tea = { sku: 'TEA-1', quantity: 2, price: 850 };
const pot = { sku: 'POT-9', quantity: 1, price: 3900 };

runOrder('delivered after a hold', [
  { type: 'CHECKOUT', shipping: Shipping.Express },
  ...[tea, pot, { ...tea, quantity: 1 }].map((item) => ({ type: 'ADD' as const, item })),
  { type: 'CHECKOUT', shipping: Shipping.Standard },
  ...[4000, 2450].map((amount) => ({ type: 'PAY' as const, amount })),
  { type: 'NEXT' },
  { type: 'HOLD', reason: 'address check' },
  { type: 'NEXT' },
  { type: 'RESUME' },
  { type: 'NEXT' },
  { type: 'DELIVER' },
  { type: 'DELIVER', signedBy: 'M. Okafor' },
]);

runOrder('cancelled while picking', [
  { type: 'ADD', item: pot },
  { type: 'ADD', item: tea },
  { type: 'REMOVE', sku: 'POT-9' },
  { type: 'CHECKOUT', shipping: Shipping.Express },
  { type: 'PAY', amount: 5000 },
  { type: 'CANCEL' },
]);

lines.push('== broken definition');
try {
  new MachineDefinition<object, { type: 'GO' }, 'a' | 'b' | 'c'>({
    id: 'broken',
    initial: 'a',
    states: {
      a: { initial: 'b' },
      b: { parent: 'c' },
      c: { final: true, on: { GO: [{ target: 'a' }] } },
    },
  });
} catch (error) {
  if (!(error instanceof DefinitionError)) throw error;
  lines.push(error.message, `${error.problems.length} problems`);
}

export const output = lines.join('\n');
