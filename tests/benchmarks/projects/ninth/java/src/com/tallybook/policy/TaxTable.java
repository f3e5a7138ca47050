package com.tallybook.policy;

import com.tallybook.model.Money;
import java.util.ArrayList;
import java.util.List;

/** A progressive tax: each bracket taxes the part of the income that falls into it. */
public final class TaxTable {

    /** The rate that applies from a lower bound up to the next bracket. */
    private record Bracket(Money from, double rate) {
    }

    private final List<Bracket> brackets = new ArrayList<>();

    public static TaxTable standard() {
        return new TaxTable().from(1_000, 0.12).from(2_500, 0.22).from(5_000, 0.35);
    }

    /** Adds a bracket; brackets are given in ascending order. */
    public TaxTable from(double lowerBound, double rate) {
        brackets.add(new Bracket(Money.of(lowerBound), rate));
        return this;
    }

    public Money taxOn(Money income) {
        Money tax = Money.ZERO;
        Money upper = income;
        for (int i = brackets.size() - 1; i >= 0; i--) {
            Bracket bracket = brackets.get(i);
            if (upper.exceeds(bracket.from())) {
                tax = tax.plus(upper.minus(bracket.from()).times(bracket.rate()));
                upper = bracket.from();
            }
        }
        return tax;
    }
}
