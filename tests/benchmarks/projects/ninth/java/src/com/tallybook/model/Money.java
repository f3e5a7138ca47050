package com.tallybook.model;

import java.util.Locale;

/** An amount of money, held as whole cents. */
public record Money(long cents) {

    public static final Money ZERO = new Money(0);

    public static Money of(double amount) {
        return new Money(Math.round(amount * 100));
    }

    public Money plus(Money other) {
        return new Money(cents + other.cents);
    }

    public Money minus(Money other) {
        return new Money(cents - other.cents);
    }

    public Money times(double factor) {
        return new Money(Math.round(cents * factor));
    }

    public boolean exceeds(Money other) {
        return cents > other.cents;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,.2f", cents / 100.0);
    }
}
