export enum Shipping {
  Standard = 'standard',
  Express = 'express',
}

export interface Item {
  readonly sku: string;
  readonly quantity: number;
  readonly price: number; // of one piece, in cents
}

export interface Order {
  readonly items: readonly Item[];
  readonly shipping: Shipping;
  readonly paid: number;
  readonly refunded: number;
  readonly notes: readonly string[];
}

export type OrderEvent =
  | { type: 'ADD'; item: Item }
  | { type: 'REMOVE'; sku: string }
  | { type: 'CHECKOUT'; shipping: Shipping }
  | { type: 'PAY'; amount: number }
  | { type: 'NEXT' }
  | { type: 'HOLD'; reason: string }
  | { type: 'RESUME' }
  | { type: 'DELIVER'; signedBy?: string }
  | { type: 'CANCEL' };

const SHIPPING_COST: Record<Shipping, number> = { standard: 490, express: 1250 };
const FREE_SHIPPING_FROM = 5000;

export function emptyOrder(): Order {
  return { items: [], shipping: Shipping.Standard, paid: 0, refunded: 0, notes: [] };
}

export function subtotal({ items }: Order): number {
  return items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}

export function shippingCost(order: Order): number {
  const free = order.shipping === Shipping.Standard && subtotal(order) >= FREE_SHIPPING_FROM;
  return free ? 0 : SHIPPING_COST[order.shipping];
}

export const balance = (order: Order): number =>
  subtotal(order) + shippingCost(order) - order.paid;

export const formatCents = (cents: number): string => (cents / 100).toFixed(2);
