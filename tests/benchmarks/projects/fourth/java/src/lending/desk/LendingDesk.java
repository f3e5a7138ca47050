package lending.desk;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import lending.model.Item;
import lending.model.Loan;
import lending.model.Member;
import lending.money.FinePolicy;
import lending.money.Money;
import lending.store.Repository;

/** Lends items, takes them back and charges fines. */
public class LendingDesk {
    private final Repository<Item> items = new Repository<>();
    private final Repository<Member> members = new Repository<>();
    private final Repository<Loan> loans = new Repository<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final FinePolicy policy;
    private LocalDate today;
    private int nextLoan = 1;

    public LendingDesk(LocalDate today, FinePolicy policy) {
        this.today = today;
        this.policy = policy;
    }

    public Repository<Item> items() { return items; }
    public Repository<Member> members() { return members; }
    public Repository<Loan> loans() { return loans; }
    public LocalDate today() { return today; }
    public void listen(Listener listener) { listeners.add(listener); }

    public void advance(int days) {
        today = today.plusDays(days);
        listeners.forEach(listener -> listener.dayChanged(today));
    }

    public Loan lend(Member member, Item item) throws LendingException {
        check(member, item);
        item.take();
        Loan loan = loans.add(new Loan(nextLoan++, member, item, today));
        for (Listener listener : listeners) {
            listener.lent(loan);
        }
        return loan;
    }

    private void check(Member member, Item item) throws LendingException {
        if (member.isBlocked()) {
            throw new LendingException(Reason.BLOCKED, member.getName() + " owes " + member.getBalance());
        }
        if (openLoans(member).size() >= member.getTier().maxLoans()) {
            throw new LendingException(Reason.LIMIT, member + " has all loans of the tier");
        }
        if (item.getState() != Item.State.AVAILABLE) {
            throw new LendingException(Reason.UNAVAILABLE, item.describe());
        }
    }

    public List<Loan> openLoans(Member member) {
        return loans.where(loan -> loan.isOpen() && loan.member() == member);
    }

    public Money giveBack(Loan loan) {
        loan.close(today);
        loan.item().release();
        Money fine = policy.fine(loan, today);
        loan.member().charge(fine);
        listeners.forEach(listener -> listener.returned(loan, fine));
        return fine;
    }

    public Loan renew(String id) throws LendingException {
        Loan loan = loans.get(id);
        if (loan.daysLate(today) > 0 || !loan.renew()) {
            throw new LendingException(Reason.RENEWAL, loan.describe());
        }
        return loan;
    }

    /** Hears about what happens at the desk. All methods have empty defaults. */
    public interface Listener {
        default void lent(Loan loan) {}

        default void returned(Loan loan, Money fine) {}

        default void dayChanged(LocalDate today) {}
    }

    /** Why the desk refuses. */
    public enum Reason {
        BLOCKED(1), LIMIT(2), UNAVAILABLE(3), RENEWAL(4);

        private final int code;

        Reason(int code) { this.code = code; }
        public int code() { return code; }
    }

    public static class LendingException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Reason reason;

        public LendingException(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Reason reason() { return reason; }
        @Override public String getMessage() { return "E" + reason.code() + ": " + super.getMessage(); }
    }
}
