package org.millbrook.desk.loans;

import java.time.LocalDate;
import java.util.*;
import org.millbrook.desk.catalogue.*;
import org.millbrook.desk.members.Member;
import org.millbrook.desk.notices.NoticeBoard;
import org.millbrook.desk.notices.NoticeBoard.Kind;

/** The desk where members borrow, renew, reserve and return. */
public class LendingDesk {
    private static final int DEBT_LIMIT_CENTS = 300;

    private final Catalogue catalogue;
    private final FinePolicy fines;
    private final NoticeBoard notices;
    private final List<Loan> loans = new ArrayList<>();
    private final Map<String, Member> waiting = new HashMap<>();
    private LocalDate today;

    public LendingDesk(Catalogue catalogue, FinePolicy fines, NoticeBoard notices, LocalDate opening) {
        this.catalogue = catalogue;
        this.fines = fines;
        this.notices = notices;
        this.today = opening;
    }

    public LocalDate getToday() {
        return today;
    }

    public List<Loan> getLoans() {
        return Collections.unmodifiableList(loans);
    }

    /** Moves the calendar on and reminds everyone whose loan is late. */
    public void advance(int days) {
        today = today.plusDays(days);
        loans.stream()
                .filter(loan -> loan.daysLate(today) > 0)
                .forEach(loan -> notices.post(Kind.OVERDUE, loan.member(), loan.item().title()));
    }

    public void borrow(Member member, String code) throws LendingException {
        Item item = catalogue.find(code);
        long held = loans.stream().filter(loan -> loan.member() == member).count();
        check(member.getOwedCents() <= DEBT_LIMIT_CENTS, Refusal.DEBT, item);
        check(held < member.getTier().maxLoans, Refusal.TOO_MANY_LOANS, item);
        check(catalogue.takeCopy(code), Refusal.NO_COPY, item);
        loans.add(Loan.starting(today, item, member));
    }

    public void renew(Member member, String code) throws LendingException {
        Loan loan = loanOf(member, code);
        check(loan.canRenew() && !waiting.containsKey(code), Refusal.NOT_RENEWABLE, loan.item());
        loans.set(loans.indexOf(loan), loan.renewed(today));
    }

    /** Notes who is to have the next copy; says whether nobody else was first. */
    public boolean reserve(Member member, String code) {
        return waiting.putIfAbsent(code, member) == null;
    }

    /** Takes an item back and charges any fine; whoever reserved it gets the copy. */
    public void giveBack(Member member, String code) throws LendingException {
        Loan loan = loanOf(member, code);
        loans.remove(loan);
        int fine = fines.fineFor(loan, loan.daysLate(today));
        if (fine > 0) {
            member.charge(fine);
            notices.post(Kind.FINE, member, fine + " cents for " + loan.item().title());
        }
        Optional.ofNullable(waiting.remove(code)).ifPresentOrElse(next -> {
            loans.add(Loan.starting(today, loan.item(), next));
            notices.post(Kind.RESERVED, next, loan.item().title());
        }, () -> catalogue.returnCopy(code));
    }

    private static void check(boolean allowed, Refusal refusal, Item item) throws LendingException {
        if (!allowed) {
            throw new LendingException(refusal, item);
        }
    }

    private Loan loanOf(Member member, String code) throws LendingException {
        return loans.stream()
                .filter(loan -> loan.member() == member && loan.item().code().equals(code))
                .findFirst()
                .orElseThrow(() -> new LendingException(Refusal.NOT_ON_LOAN, catalogue.find(code)));
    }

    public enum Refusal { DEBT, TOO_MANY_LOANS, NO_COPY, NOT_RENEWABLE, NOT_ON_LOAN }

    /** Thrown when the rules of the library forbid a request. */
    public static class LendingException extends Exception {
        LendingException(Refusal refusal, Item item) {
            super(refusal + " for " + item.title());
        }
    }
}
