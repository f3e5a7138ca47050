package lending.model;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A copy of an item in the hands of a member. */
public class Loan implements Identified {
    public static final int MAX_RENEWALS = 2;

    private final String id;
    private final Member member;
    private final Item item;
    private final LocalDate start;
    private LocalDate due;
    private LocalDate returned;
    private int renewals;

    public Loan(int number, Member member, Item item, LocalDate start) {
        this.id = Identified.format("L", number);
        this.member = member;
        this.item = item;
        this.start = start;
        this.due = start.plusDays(item.loanDays());
    }

    @Override public String id() { return id; }
    public Member member() { return member; }
    public Item item() { return item; }
    public LocalDate due() { return due; }
    public Optional<LocalDate> returned() { return Optional.ofNullable(returned); }
    public boolean isOpen() { return returned == null; }

    public boolean renew() {
        if (renewals == MAX_RENEWALS) {
            return false;
        }
        renewals++;
        due = due.plusDays(item.loanDays());
        return true;
    }

    public void close(LocalDate day) { this.returned = day; }

    public long daysLate(LocalDate today) {
        LocalDate end = returned().orElse(today);
        return Math.max(0, ChronoUnit.DAYS.between(due, end));
    }

    public long daysHeld(LocalDate today) {
        return ChronoUnit.DAYS.between(start, returned().orElse(today));
    }

    public String describe() {
        String status = returned().map(day -> "returned " + day).orElse("due " + due);
        return id + " " + item.getTitle() + " -> " + member.getName() + ", " + status
            + (renewals > 0 ? ", renewed " + renewals + "x" : "");
    }
}
