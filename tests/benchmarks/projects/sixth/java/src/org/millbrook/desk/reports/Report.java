package org.millbrook.desk.reports;

import java.util.*;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millbrook.desk.catalogue.*;
import org.millbrook.desk.loans.*;

/** Text reports on the state of the desk. */
public final class Report {
    private final StringBuilder text = new StringBuilder();

    private Report(String heading) {
        line("== %s ==", heading);
    }

    public static Report stock(Catalogue catalogue) {
        Report report = new Report("Stock");
        for (Item item : catalogue.search(any -> true)) {
            report.line("%-3s %s  %s", item.code(), catalogue.availability(item.code()), item.describe());
        }
        return report;
    }

    /** Open loans by due date, the late ones marked. */
    public static Report loans(LendingDesk desk) {
        Report report = new Report("Loans on " + desk.getToday());
        desk.getLoans().stream()
                .sorted(Comparator.comparing(Loan::due).thenComparing(loan -> loan.item().title()))
                .forEach(loan -> {
                    String mark = loan.daysLate(desk.getToday()) > 0 ? "!" : " ";
                    report.line("%s %s %-18s %s", mark, loan.due(), loan.item().title(), loan.member().getName());
                });
        return report;
    }

    /** Counts loans by whatever the key function takes from them. */
    public static <K extends Comparable<K>> Report tally(Collection<Loan> loans, Function<Loan, K> key) {
        Report report = new Report("Tally");
        loans.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()))
                .forEach((value, count) -> report.line("%-8s %d", value, count));
        return report;
    }

    private void line(String format, Object... args) {
        text.append(format.formatted(args)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
