package lending;

import static lending.model.Disc.Track.of;

import java.time.LocalDate;
import java.util.List;
import lending.desk.LendingDesk;
import lending.desk.LendingDesk.LendingException;
import lending.model.Book;
import lending.model.Disc;
import lending.model.Item;
import lending.model.Loan;
import lending.model.Member;
import lending.model.Member.Tier;
import lending.money.FinePolicy;
import lending.money.FinePolicy.Step;
import lending.money.Money;
import lending.report.Report;

public final class Main {
    private static final LocalDate START = LocalDate.of(2025, 3, 3);

    private final LendingDesk desk;
    private final Book atlas = new Book("Atlas of Tides", "O. Marrow", 620, 1);
    private final Book garden = new Book("The Winter Garden", "P. Sedge", 210, 2);
    private final Disc nocturnes = new Disc("Nocturnes", 1, of("Dusk", 4, 10), of("Midnight", 6, 2));
    private final Disc marches = new Disc("Marches", 1, of("Parade", 3, 0), of("Home", 5, 1));
    private int refused;

    private Main(FinePolicy policy) {
        desk = new LendingDesk(START, policy);
        List.of(atlas, garden, nocturnes, marches).forEach(desk.items()::add);
        desk.listen(new Journal());
    }

    private void lend(Member member, Item item) {
        try {
            desk.lend(member, item);
        } catch (LendingException e) {
            refused++;
            System.out.println("refused " + e.getMessage());
        }
    }

    private void renew(String id) {
        try {
            System.out.println("renewed until " + desk.renew(id).due());
        } catch (LendingException e) {
            boolean expected = e.reason() == LendingDesk.Reason.RENEWAL;
            System.out.println((expected ? "not renewed " : "failed ") + e.getMessage());
        }
    }

    private void run() {
        Member fern = desk.members().add(new Member(1, "Fern", Tier.JUNIOR));
        Member moss = desk.members().add(new Member(2, "Moss", Tier.STANDARD));
        Member reed = desk.members().add(new Member(3, "Reed", Tier.PATRON));
        Member guest = desk.members().add(new Member(99, "Guest", Tier.JUNIOR));

        lend(fern, atlas);
        lend(fern, nocturnes);
        lend(fern, garden);
        lend(moss, atlas);
        lend(moss, garden);
        desk.advance(5);
        renew("L-2");
        renew("L-2");
        renew("L-2");
        lend(reed, marches);
        lend(reed, garden);
        desk.advance(30);
        renew("L-1");
        System.out.print(new Summary(desk).text());

        for (Loan loan : desk.openLoans(fern)) {
            Money fine = desk.giveBack(loan);
            System.out.println(loan.id() + " cost " + fine);
        }
        desk.openLoans(reed).forEach(desk::giveBack);
        lend(reed, nocturnes);
        marches.withdraw();
        lend(moss, marches);
        lend(moss, atlas);
        desk.advance(40);
        desk.openLoans(moss).forEach(desk::giveBack);
        lend(moss, garden);
        System.out.println("change " + moss.pay(Money.cents(5000)) + ", left " + moss.getBalance());
        lend(moss, garden);
        desk.members().remove(guest);

        Report.all().forEach(report -> System.out.print(report.render(desk)));
        System.out.print(new Summary(desk).text());
        System.out.println(refused + " refused, long: " + nocturnes.longTracks() + marches.longTracks());
    }

    /** Writes down every event, with a running total of the fines. */
    private static class Journal implements LendingDesk.Listener {
        private Money total = Money.ZERO;

        @Override public void lent(Loan loan) { System.out.println("lent " + loan.describe()); }

        @Override
        public void returned(Loan loan, Money fine) {
            total = total.plus(fine);
            System.out.println("back " + loan.describe() + ", total fines " + total);
        }

        @Override public void dayChanged(LocalDate today) { System.out.println("--- " + today); }
    }

    private record Summary(LendingDesk desk) {
        String text() {
            int open = desk.loans().where(Loan::isOpen).size();
            return "summary: %d items, %d members, %d of %d loans open%n"
                .formatted(Item.created(), desk.members().size(), open, desk.loans().size());
        }
    }

    private void compare() {
        Loan loan = desk.loans().get("L-3");
        Step[] steps = {new Step(1, Money.cents(5)), new Step(8, Money.cents(30))};
        var policies = List.of(FinePolicy.flat(10), FinePolicy.tiered(steps), FinePolicy.NONE);
        for (FinePolicy policy : policies) {
            LocalDate day = desk.today();
            System.out.println(policy.name() + ": " + policy.fine(loan, day)
                + ", capped " + policy.capped().fine(loan, day)
                + ", discounted " + policy.discounted().fine(loan, day));
        }
        System.out.println(garden.getAuthor() + ": " + garden.size() + " pages");
        System.out.println("books may stay " + Book.LOAN_DAYS + " days, discs " + Disc.LOAN_DAYS);
    }

    public static void main(String[] args) {
        FinePolicy policy = FinePolicy.tiered(new Step(1, Money.cents(20)), new Step(15, Money.cents(60)));
        Main app = new Main(policy.capped().discounted());
        app.run();
        app.compare();
    }
}
