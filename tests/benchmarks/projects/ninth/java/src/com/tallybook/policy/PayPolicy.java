package com.tallybook.policy;

import com.tallybook.model.Money;

/** How the monthly gross pay of an employee comes about. */
public sealed interface PayPolicy {

    Money monthlyGross();

    default String describe() {
        return "monthly";
    }

    /** A fixed yearly salary, paid in twelve parts. */
    record Salaried(Money yearly) implements PayPolicy {

        @Override
        public Money monthlyGross() {
            return yearly.times(1.0 / 12);
        }
    }

    /** Pay by the hour; hours beyond the regular ones earn a premium. */
    record Hourly(Money rate, int hours) implements PayPolicy {

        private static final int REGULAR_HOURS = 160;

        @Override
        public Money monthlyGross() {
            Money regular = rate.times(Math.min(hours, REGULAR_HOURS));
            return regular.plus(rate.times(1.5 * overtime()));
        }

        @Override
        public String describe() {
            return overtime() > 0 ? "hourly +" + overtime() + "h" : "hourly";
        }

        private int overtime() {
            return Math.max(0, hours - REGULAR_HOURS);
        }
    }
}
