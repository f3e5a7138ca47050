package lending.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lending.desk.LendingDesk;
import lending.model.Identified;
import lending.model.Item;
import lending.model.Loan;
import lending.model.Member;
import lending.money.Money;

/** Renders some view of a desk as lines of text; {@link #render(LendingDesk)} adds the title. */
public abstract class Report {
    private static final String RULE = "=";

    private final String title;

    protected Report(String title) { this.title = title; }

    protected abstract List<String> lines(LendingDesk desk);

    public final String render(LendingDesk desk) {
        StringBuilder text = new StringBuilder();
        text.append(title).append('\n').append(RULE.repeat(title.length())).append('\n');
        lines(desk).forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }

    public static List<Report> all() {
        return List.of(new Catalogue(), new Overdue(), new Balances(), new Popularity(2));
    }

    static final class Catalogue extends Report {
        Catalogue() { super("Catalogue"); }

        @Override
        protected List<String> lines(LendingDesk desk) {
            List<String> lines = new ArrayList<>();
            for (Item item : desk.items().sorted(Comparator.comparing(Item::getTitle))) {
                lines.add(item.describe() + " x" + item.getCopies());
            }
            return lines;
        }
    }

    static final class Overdue extends Report {
        Overdue() { super("Overdue loans"); }

        @Override
        protected List<String> lines(LendingDesk desk) {
            LocalDate today = desk.today();
            return desk.loans().where(loan -> loan.isOpen() && loan.daysLate(today) > 0).stream()
                .sorted(Comparator.comparing(Loan::due).thenComparing(Identified.byNumber()))
                .map(loan -> loan.describe() + ", " + loan.daysLate(today) + " days late")
                .toList();
        }
    }

    static final class Balances extends Report {
        Balances() { super("Balances by tier"); }

        @Override
        protected List<String> lines(LendingDesk desk) {
            Map<Member.Tier, List<Money>> totals = new EnumMap<>(Member.Tier.class);
            List<String> lines = new ArrayList<>();
            for (Member member : desk.members()) {
                Money balance = member.getBalance();
                totals.computeIfAbsent(member.getTier(), tier -> new ArrayList<>()).add(balance);
                if (!balance.isZero()) {
                    lines.add(member + " owes " + balance + (member.isBlocked() ? " (blocked)" : ""));
                }
            }
            totals.forEach((tier, amounts) -> lines.add(tier.label() + ": " + Money.sum(amounts)));
            return lines;
        }
    }

    static final class Popularity extends Report {
        private final int minimum;

        Popularity(int minimum) {
            super("Items lent at least " + minimum + " times");
            this.minimum = minimum;
        }

        @Override
        protected List<String> lines(LendingDesk desk) {
            List<String> lines = new ArrayList<>();
            desk.loans().groupBy(Loan::item).forEach((item, loans) -> {
                if (loans.size() >= minimum) {
                    long days = loans.stream().mapToLong(loan -> loan.daysHeld(desk.today())).sum();
                    lines.add(item.getTitle() + ": " + loans.size() + " loans, " + days + " days");
                }
            });
            return lines;
        }
    }
}
