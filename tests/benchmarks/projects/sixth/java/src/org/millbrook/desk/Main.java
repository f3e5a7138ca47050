package org.millbrook.desk;

import java.time.LocalDate;
import java.util.*;
import org.millbrook.desk.catalogue.Catalogue;
import org.millbrook.desk.catalogue.Item.*;
import org.millbrook.desk.loans.*;
import org.millbrook.desk.members.Member;
import org.millbrook.desk.members.Member.Tier;
import org.millbrook.desk.notices.NoticeBoard;
import org.millbrook.desk.reports.Report;

/** A few weeks at the desk of the Millbrook library. */
public final class Main {
    private interface Request {
        void run() throws LendingDesk.LendingException;
    }

    public static void main(String[] args) {
        Catalogue catalogue = new Catalogue()
                .add(new Book("B1", "The Tidal Garden", List.of("Ines Moreau")), 2)
                .add(new Book("B2", "Compilers at Home", List.of("A. Holt", "R. Wynn")), 1)
                .add(new Film("F1", "Night Ferry"), 1)
                .add(new Film("F2", "The Long Orchard"), 1);
        catalogue.add(catalogue.find("F2"), 1);
        Member ada = new Member("Ada", Tier.PATRON);
        Member ben = new Member("Ben", Tier.STANDARD);
        Member cleo = new Member("Cleo", Tier.CHILD);

        NoticeBoard notices = new NoticeBoard();
        notices.listen(notice -> System.out.println(notice.format()), NoticeBoard.Kind.values());
        FinePolicy fines = FinePolicy.perDay(25).cappedAt(400).exempting(Tier.CHILD);
        LendingDesk desk = new LendingDesk(catalogue, fines, notices, LocalDate.of(2023, 3, 1));

        attempt("ada borrows B2", () -> desk.borrow(ada, "B2"));
        attempt("ben borrows F1", () -> desk.borrow(ben, "F1"));
        attempt("ben borrows B1", () -> desk.borrow(ben, "B1"));
        attempt("cleo borrows B1", () -> desk.borrow(cleo, "B1"));
        attempt("cleo borrows F2", () -> desk.borrow(cleo, "F2"));
        attempt("cleo borrows B2", () -> desk.borrow(cleo, "B2"));
        attempt("ben borrows B2", () -> desk.borrow(ben, "B2"));
        attempt("ada borrows Z9", () -> desk.borrow(ada, "Z9"));
        System.out.println("ben reserves B2: " + desk.reserve(ben, "B2"));
        System.out.println("cleo reserves B2: " + desk.reserve(cleo, "B2"));
        System.out.println(Report.stock(catalogue));

        desk.advance(5);
        attempt("ada renews B2", () -> desk.renew(ada, "B2"));
        attempt("ada renews F1", () -> desk.renew(ada, "F1"));
        attempt("ben renews B1", () -> desk.renew(ben, "B1"));
        desk.advance(20);
        System.out.println(Report.loans(desk));

        attempt("ben returns F1", () -> desk.giveBack(ben, "F1"));
        attempt("ada returns B2", () -> desk.giveBack(ada, "B2"));
        attempt("cleo returns B1", () -> desk.giveBack(cleo, "B1"));
        attempt("ben borrows F2", () -> desk.borrow(ben, "F2"));
        System.out.println("ben pays 500, change " + ben.pay(500));
        attempt("ben borrows F2", () -> desk.borrow(ben, "F2"));

        System.out.println(Report.tally(desk.getLoans(), loan -> loan.member().getName()));
        System.out.print(Report.tally(desk.getLoans(), loan -> loan.member().getTier()));
    }

    private static void attempt(String label, Request request) {
        try {
            request.run();
            System.out.println(label);
        } catch (LendingDesk.LendingException | NoSuchElementException e) {
            System.out.println(label + ": " + e.getMessage());
        }
    }
}
