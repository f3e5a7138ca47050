package lending.money;

import java.util.Collection;
import java.util.Locale;

/** An amount of money, in cents. */
public record Money(long cents) implements Comparable<Money> {
    public static final Money ZERO = new Money(0);

    public static Money cents(int cents) { return cents == 0 ? ZERO : new Money(cents); }

    public static Money sum(Collection<Money> amounts) {
        return amounts.stream().reduce(ZERO, Money::plus);
    }

    public Money plus(Money other) { return new Money(cents + other.cents); }
    public Money minus(Money other) { return new Money(cents - other.cents); }
    public Money times(long factor) { return new Money(cents * factor); }
    public Money percent(int percent) { return new Money(cents * percent / 100); }
    public Money min(Money other) { return compareTo(other) <= 0 ? this : other; }
    public Money max(Money other) { return compareTo(other) >= 0 ? this : other; }
    public boolean isZero() { return cents == 0; }
    @Override public int compareTo(Money other) { return Long.compare(cents, other.cents); }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d.%02d", cents / 100, cents % 100);
    }
}
