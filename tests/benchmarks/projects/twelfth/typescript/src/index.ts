import { Container, Lifetime } from "./container/container";
import { ContainerError } from "./container/errors";
import { Token } from "./container/token";
import { orderModule, Tokens } from "./shop/modules";
import type { OrderResult } from "./shop/services";

type Basket = ReadonlyArray<readonly [sku: string, quantity?: number]>;

const out: string[] = [];

function describe(result: OrderResult): string {
  if (result.status === "rejected") return `order rejected: ${result.reason}`;
  return `order ${result.number} placed, ${result.total}`;
}

function shopFor(customer: string, container: Container, basket: Basket): void {
  container.withScope((scope) => {
    const cart = scope.get(Tokens.cart);
    for (const [sku, quantity] of basket) cart.add(sku, quantity);
    out.push(`${customer} (${scope.get(Tokens.ticket)}): subtotal ${cart.subtotal}`);
    out.push(`  ${describe(scope.get(Tokens.checkout).place())}`);
  });
}

function expectFailure(label: string, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ContainerError)) throw error;
    out.push(`${label}: ${error.message}`);
  }
}

const container = new Container().install(orderModule);
out.push("-- Customers --");
shopFor("Ada", container, [["tea", 2], ["pot"], ["cup", 2]]);
shopFor("Ben", container, [["cup"], ["spoon", 3], ["cup"]]);
shopFor("Cleo", container, [["pot", 2]]);
shopFor("Dora", container, []);

out.push("", "-- Lifetimes --");
container.withScope((scope) => {
  out.push(`same stock: ${scope.get(Tokens.stock) === container.get(Tokens.stock)}`);
  out.push(`same cart: ${scope.get(Tokens.cart) === scope.get(Tokens.cart)}`);
  out.push(`same ticket: ${scope.get(Tokens.ticket) === scope.get(Tokens.ticket)}`);
});

out.push("", "-- Overrides --");
container.withScope((scope) => {
  scope.value(Tokens.rules, [(sum) => sum.times(0.5)]);
  shopFor("Staff", scope, [["tea", 4]]);
});

out.push("", "-- Errors --");
const chicken = new Token<string>("chicken");
const egg = new Token<string>("egg");
const bank = new Token<{ pay(): void }>("bank");
const invoice = new Token<string>("invoice");
container
  .factory(chicken, (resolver) => `from ${resolver.get(egg)}`)
  .factory(egg, (resolver) => `from ${resolver.get(chicken)}`)
  .factory(invoice, (resolver) => typeof resolver.get(bank), Lifetime.Transient);
expectFailure("cycle", () => container.get(chicken));
expectFailure("missing", () => container.get(invoice));

out.push("", "-- Log --", ...container.get(Tokens.lines));

/** Everything that the scenario has to say. */
export const output = out.join("\n");
