package library.loans;

import static library.items.Item.DAYS;
import static library.loans.Texts.*;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import library.items.Item;

public class Ledger<T extends Item> implements Iterable<Ledger<T>.Loan> {
    public class Loan {
        final T item;
        private final String member;
        private int due;

        private Loan(T item, String member) {
            this.item = item;
            this.member = member;
            this.due = today + item.days();
        }

        public int late() {
            return Math.max(0, Ledger.this.today - due);
        }

        public double fee() {
            return item.fee(late());
        }

        public String member() {
            return member;
        }
    }

    public interface Listener {
        void changed(String member, int count);
    }

    private static class Tally implements Listener {
        private final Map<String, Integer> counts = new TreeMap<>();

        @Override
        public void changed(String member, int count) {
            counts.merge(member, count, Integer::sum);
        }
    }

    private final List<Loan> loans = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Tally tally = new Tally();
    private int today;

    public Ledger() {
        listen(tally);
    }

    public final void listen(Listener listener) {
        listeners.add(listener);
    }

    public Loan lend(T item, String member) throws LoanException {
        if (loans.stream().anyMatch(loan -> loan.item == item)) {
            throw new LoanException(member, quote(item.title()) + " is out");
        }
        Loan loan = new Loan(item, member);
        loans.add(loan);
        listeners.forEach(listener -> listener.changed(member, 1));
        return loan;
    }

    public void pass(int days) {
        today += days;
    }

    public void pass() {
        pass(DAYS);
    }

    public <R> List<R> map(Predicate<? super Loan> keep, Function<? super Loan, ? extends R> change) {
        List<R> found = new ArrayList<>();
        for (Loan loan : this) {
            if (keep.test(loan)) found.add(change.apply(loan));
        }
        return found;
    }

    @Override
    public Iterator<Loan> iterator() {
        return new Iterator<>() {
            private int at = 0;

            @Override
            public boolean hasNext() {
                return at < loans.size();
            }

            @Override
            public Loan next() {
                return loans.get(at++);
            }
        };
    }

    public Map<String, Integer> tally() {
        return tally.counts;
    }

    public static <E extends Item> Ledger<E> of(Iterable<E> items, String member) throws LoanException {
        Ledger<E> ledger = new Ledger<>();
        for (E item : items) ledger.lend(item, member);
        return ledger;
    }
}
