package depot.model;

import java.util.Locale;

/** An amount in cents; {@link #ZERO} is the neutral element of {@link #plus}. */
public record Money(long cents) implements Comparable<Money> {
    public static final Money ZERO = new Money(0);
    private static final int CENTS_PER_UNIT = 100;
    private static final String SYMBOL = "EUR";

    public static Money of(long units, int cents) {
        return new Money(units * CENTS_PER_UNIT + cents);
    }

    public Money plus(Money other) { return new Money(cents + other.cents); }
    public Money minus(Money other) { return plus(other.negate()); }
    public Money times(int factor) { return new Money(cents * factor); }
    public Money negate() { return new Money(-cents); }

    /** Returns the given percentage of this amount, rounded half up. */
    public Money percent(double rate) { return new Money(Math.round(cents * rate / 100.0)); }
    public boolean isPositive() { return compareTo(ZERO) > 0; }
    @Override
    public int compareTo(Money other) { return Long.compare(cents, other.cents); }

    @Override
    public String toString() {
        String sign = cents < 0 ? "-" : "";
        long abs = Math.abs(cents);
        return String.format(Locale.ROOT, "%s%d.%02d %s",
                sign, abs / CENTS_PER_UNIT, abs % CENTS_PER_UNIT, SYMBOL);
    }
}
