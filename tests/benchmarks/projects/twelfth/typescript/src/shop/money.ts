/** An amount in cents. */
export class Money {
  private constructor(readonly cents: number) {}

  static of(amount: number): Money {
    return new Money(Math.round(amount * 100));
  }

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }

  times(factor: number): Money {
    return new Money(Math.round(this.cents * factor));
  }

  toString(): string {
    return `${(this.cents / 100).toFixed(2)} EUR`;
  }
}
