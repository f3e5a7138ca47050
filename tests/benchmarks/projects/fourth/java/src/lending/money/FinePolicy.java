package lending.money;

import java.time.LocalDate;
import java.util.List;
import lending.model.Loan;

/** Decides what a late loan costs. Policies are combined with {@link #capped()} and {@link #discounted()}. */
@FunctionalInterface
public interface FinePolicy {
    FinePolicy NONE = (loan, today) -> Money.ZERO;

    Money fine(Loan loan, LocalDate today);

    /** Never more than the value of the item. */
    default FinePolicy capped() {
        return (loan, today) -> fine(loan, today).min(Money.cents(loan.item().value()));
    }

    /** Takes the discount of the member's tier off, but never below zero. */
    default FinePolicy discounted() {
        return (loan, today) -> {
            Money fine = fine(loan, today);
            Money discount = loan.member().getTier().discount(fine);
            return fine.minus(discount).max(Money.ZERO);
        };
    }

    default String name() { return "custom"; }
    static FinePolicy flat(int cents) { return new Flat(Money.cents(cents)); }
    static FinePolicy tiered(Step... steps) { return new Tiered(List.of(steps)); }

    /** The same rate for every day. */
    record Flat(Money rate) implements FinePolicy {
        @Override public Money fine(Loan loan, LocalDate today) { return rate.times(loan.daysLate(today)); }
        @Override public String name() { return "flat at " + rate; }
    }

    /** From a given day on, a step applies its own rate. */
    record Step(int from, Money rate) {}

    /** Rates that grow with the delay. */
    record Tiered(List<Step> steps) implements FinePolicy {
        @Override
        public Money fine(Loan loan, LocalDate today) {
            Money total = Money.ZERO;
            for (long day = 1, late = loan.daysLate(today); day <= late; day++) {
                total = total.plus(rate(day));
            }
            return total;
        }

        private Money rate(long day) {
            Money rate = Money.ZERO;
            for (Step step : steps) {
                if (day >= step.from()) {
                    rate = step.rate;
                }
            }
            return rate;
        }

        @Override public String name() { return "tiered in " + steps.size() + " steps"; }
    }
}
