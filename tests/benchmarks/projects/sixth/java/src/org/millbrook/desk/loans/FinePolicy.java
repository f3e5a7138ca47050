package org.millbrook.desk.loans;

import org.millbrook.desk.members.Member.Tier;

/** Works out the fine, in cents, for a loan that comes back some days late. */
@FunctionalInterface
public interface FinePolicy {
    int fineFor(Loan loan, long daysLate);

    static FinePolicy perDay(int cents) {
        return (loan, daysLate) -> Math.toIntExact(daysLate * cents);
    }

    default FinePolicy cappedAt(int cents) {
        return (loan, daysLate) -> Math.min(cents, fineFor(loan, daysLate));
    }

    default FinePolicy exempting(Tier tier) {
        return (loan, daysLate) -> loan.member().getTier() == tier ? 0 : fineFor(loan, daysLate);
    }
}
