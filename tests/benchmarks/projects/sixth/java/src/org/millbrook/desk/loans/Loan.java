package org.millbrook.desk.loans;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.millbrook.desk.catalogue.Item;
import org.millbrook.desk.members.Member;

/** One copy in the hands of one member until a day; renewing makes a new loan. */
public record Loan(Item item, Member member, LocalDate due, int renewals) {
    static Loan starting(LocalDate day, Item item, Member member) {
        return new Loan(item, member, day.plusDays(period(item, member)), 0);
    }

    boolean canRenew() {
        return renewals == 0;
    }

    Loan renewed(LocalDate today) {
        return new Loan(item, member, today.plusDays(period(item, member)), renewals + 1);
    }

    public long daysLate(LocalDate today) {
        return Math.max(0, ChronoUnit.DAYS.between(due, today));
    }

    private static int period(Item item, Member member) {
        return item.loanDays() + member.getTier().extraDays;
    }
}
