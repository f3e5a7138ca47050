import type { Disposable } from "../container/container";
import { Money } from "./money";

export interface Logger {
  log(message: string): void;
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly price: Money;
}

export type Catalog = ReadonlyMap<string, Product>;

export type PricingRule = (subtotal: Money, lines: readonly CartLine[]) => Money;

export interface CartLine {
  readonly product: Product;
  quantity: number;
}

export type OrderResult =
  | { status: "placed"; number: number; total: Money }
  | { status: "rejected"; reason: string };

export class MemoryLogger implements Logger {
  constructor(private readonly lines: string[]) {}

  log(message: string): void {
    this.lines.push(`  | ${message}`);
  }
}

export class Stock {
  constructor(private readonly levels: Map<string, number>, private readonly logger: Logger) {}

  available(sku: string): number {
    return this.levels.get(sku) ?? 0;
  }

  take(sku: string, quantity: number): void {
    const left = this.available(sku) - quantity;
    this.levels.set(sku, left);
    if (left < 2) this.logger.log(`stock of ${sku} is low: ${left}`);
  }
}

/** The cart of one customer; lives as long as the scope of the request. */
export class Cart implements Disposable {
  readonly lines: CartLine[] = [];

  constructor(private readonly catalog: Catalog, private readonly logger: Logger) {}

  get subtotal(): Money {
    return this.lines.reduce((sum, { product, quantity }) => sum.plus(product.price.times(quantity)), Money.of(0));
  }

  add(sku: string, quantity = 1): this {
    const product = this.catalog.get(sku);
    if (!product) {
      this.logger.log(`unknown product ${sku}`);
      return this;
    }
    const line = this.lines.find((item) => item.product === product);
    if (line) line.quantity += quantity;
    else this.lines.push({ product, quantity });
    return this;
  }

  dispose(): void {
    this.logger.log(`cart with ${this.lines.length} line(s) dropped`);
    this.lines.length = 0;
  }
}

export class Checkout {
  private static lastNumber = 1000;

  constructor(private cart: Cart, private stock: Stock, private rules: readonly PricingRule[]) {}

  place(): OrderResult {
    const { lines } = this.cart;
    if (lines.length === 0) return { status: "rejected", reason: "the cart is empty" };

    const short = lines.find(({ product, quantity }) => this.stock.available(product.sku) < quantity);
    if (short) return { status: "rejected", reason: `not enough of ${short.product.name}` };

    lines.forEach(({ product, quantity }) => this.stock.take(product.sku, quantity));
    const total = this.rules.reduce((sum, rule) => rule(sum, lines), this.cart.subtotal);
    return { status: "placed", number: ++Checkout.lastNumber, total };
  }
}
