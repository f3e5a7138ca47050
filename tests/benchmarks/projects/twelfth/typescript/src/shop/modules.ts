import { Lifetime, Module } from "../container/container";
import { Token } from "../container/token";
import { Money } from "./money";
import { Cart, Catalog, Checkout, Logger, MemoryLogger, PricingRule, Stock } from "./services";

export const Tokens = {
  lines: new Token<string[]>("lines"),
  logger: new Token<Logger>("logger"),
  levels: new Token<Map<string, number>>("levels"),
  catalog: new Token<Catalog>("catalog"),
  stock: new Token<Stock>("stock"),
  rules: new Token<readonly PricingRule[]>("rules"),
  cart: new Token<Cart>("cart"),
  checkout: new Token<Checkout>("checkout"),
  ticket: new Token<string>("ticket"),
} as const;

/** Takes a share off once the order has reached an amount. */
function discountFrom(threshold: Money, percent: number): PricingRule {
  return (sum) => (sum.cents >= threshold.cents ? sum.times(1 - percent / 100) : sum);
}

const shipping: PricingRule = (sum, lines) => {
  const pieces = lines.reduce((count, { quantity }) => count + quantity, 0);
  return pieces > 4 ? sum : sum.plus(Money.of(4.9));
};

export const loggingModule: Module = {
  name: "logging",
  register(container) {
    container.value(Tokens.lines, []).class(Tokens.logger, MemoryLogger, [Tokens.lines]);
  },
};

export const catalogModule: Module = {
  name: "catalog",
  imports: [loggingModule],
  register(container) {
    container
      .value(Tokens.catalog, new Map([
        ["tea", { sku: "tea", name: "Green tea", price: Money.of(6.5) }],
        ["pot", { sku: "pot", name: "Teapot", price: Money.of(34.9) }],
        ["cup", { sku: "cup", name: "Cup", price: Money.of(8.25) }],
      ]))
      .value(Tokens.levels, new Map(Object.entries({ tea: 10, pot: 2, cup: 6 })))
      .class(Tokens.stock, Stock, [Tokens.levels, Tokens.logger]);
  },
};

export const orderModule: Module = {
  name: "orders",
  imports: [loggingModule, catalogModule],
  register(container) {
    let tickets = 0;
    container
      .value(Tokens.rules, [discountFrom(Money.of(50), 10), shipping])
      .class(Tokens.cart, Cart, [Tokens.catalog, Tokens.logger], Lifetime.Scoped)
      .class(Tokens.checkout, Checkout, [Tokens.cart, Tokens.stock, Tokens.rules], Lifetime.Scoped)
      .factory(Tokens.ticket, () => `ticket-${++tickets}`, Lifetime.Transient);
  },
};
