package lending.model;

import lending.money.Money;

public class Member implements Identified {
    private final String id;
    private final String name;
    private final Tier tier;
    private Money balance = Money.ZERO;

    public Member(int number, String name, Tier tier) {
        this.id = Identified.format("M", number);
        this.name = name;
        this.tier = tier;
    }

    @Override public String id() { return id; }
    public String getName() { return name; }
    public Tier getTier() { return tier; }
    public Money getBalance() { return balance; }
    public void charge(Money amount) { balance = balance.plus(amount); }

    /** Pays as much of the balance as possible and returns the change. */
    public Money pay(Money amount) {
        Money paid = amount.min(balance);
        balance = balance.minus(paid);
        return amount.minus(paid);
    }

    public boolean isBlocked() { return balance.compareTo(tier.limit()) > 0; }
    @Override public String toString() { return name + " [" + tier.label() + "]"; }

    /** Membership tiers. Each has its own maximum of loans and its own discount on fines. */
    public enum Tier {
        JUNIOR("junior", 2) {
            @Override public Money discount(Money fine) { return fine.percent(50); }
        },
        STANDARD("standard", 3) {
            @Override public Money discount(Money fine) { return Money.ZERO; }
        },
        PATRON("patron", 6) {
            @Override public Money discount(Money fine) { return fine.percent(20).plus(BONUS); }
        };

        private static final Money BONUS = Money.cents(25);

        private final String label;
        private final int maxLoans;

        Tier(String label, int maxLoans) {
            this.label = label;
            this.maxLoans = maxLoans;
        }

        public String label() { return label; }
        public int maxLoans() { return maxLoans; }
        Money limit() { return Money.cents(150 * maxLoans); }

        public abstract Money discount(Money fine);
    }
}
