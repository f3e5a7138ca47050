import { MachineDefinition } from '../machine/definition';
import { Action, EventOf, Guard, Transition } from '../machine/types';
import { Order, OrderEvent, balance, formatCents } from './order';

export type OrderState =
  | 'draft' | 'payment' | 'fulfilment' | 'picking' | 'packing'
  | 'onHold' | 'shipped' | 'delivered' | 'cancelled';

type On<T extends OrderEvent['type']> = EventOf<OrderEvent, T>;

const hasItems: Guard<Order, OrderEvent> = ({ items }) => items.length > 0;

const coversBalance: Guard<Order, On<'PAY'>> = (order, { amount }) => amount >= balance(order);

const note =
  <E>(describe: (event: E, order: Order) => string): Action<Order, E> =>
  (order, event) => ({ notes: [...order.notes, describe(event, order)] });

const addItem: Action<Order, On<'ADD'>> = ({ items }, { item }) => {
  const known = items.find(({ sku }) => sku === item.sku);
  if (!known) return { items: [...items, item] };
  const merged = { ...known, quantity: known.quantity + item.quantity };
  return { items: items.map((other) => (other === known ? merged : other)) };
};

const removeItem: Action<Order, On<'REMOVE'>> = ({ items }, { sku }) => ({
  items: items.filter((item) => item.sku !== sku),
});

const chooseShipping: Action<Order, On<'CHECKOUT'>> = (_, { shipping }) => ({ shipping });

const installment: Transition<Order, On<'PAY'>, OrderState> = {
  actions: [({ paid }, { amount }) => ({ paid: paid + amount })],
};

const refund: Action<Order, OrderEvent> = ({ paid }) => ({ paid: 0, refunded: paid });

const cancel: Transition<Order, OrderEvent, OrderState> = { target: 'cancelled', actions: [refund] };

const sign: Transition<Order, On<'DELIVER'>, OrderState> = {
  target: 'delivered',
  guard: (_, { signedBy }) => signedBy !== undefined,
  actions: [note(({ signedBy }) => `signed by ${signedBy}`)],
};

export const orderMachine = new MachineDefinition<Order, OrderEvent, OrderState>({
  id: 'order',
  initial: 'draft',
  states: {
    draft: {
      on: {
        ADD: [{ actions: [addItem] }],
        REMOVE: [{ actions: [removeItem] }],
        CHECKOUT: [{ target: 'payment', guard: hasItems, actions: [chooseShipping] }],
      },
    },
    payment: {
      on: { PAY: [{ ...installment, target: 'fulfilment', guard: coversBalance }, installment] },
    },
    fulfilment: {
      initial: 'picking',
      entry: note(() => 'warehouse took over'),
      exit: note(() => 'left the warehouse'),
      on: { HOLD: [{ target: 'onHold', actions: [note(({ reason }) => `hold: ${reason}`)] }] },
    },
    picking: { parent: 'fulfilment', on: { NEXT: [{ target: 'packing' }], CANCEL: [cancel] } },
    packing: { parent: 'fulfilment', on: { NEXT: [{ target: 'shipped' }] } },
    onHold: { on: { RESUME: [{ target: { history: 'fulfilment' } }], CANCEL: [cancel] } },
    shipped: { on: { DELIVER: [sign] } },
    delivered: { final: true },
    cancelled: { final: true, entry: note((_, { refunded }) => `refunded ${formatCents(refunded)}`) },
  },
});
