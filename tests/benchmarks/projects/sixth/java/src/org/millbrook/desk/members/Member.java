package org.millbrook.desk.members;

/** A person with a library card and what they owe. */
public class Member {
    public enum Tier {
        CHILD(2, 0), STANDARD(3, 0), PATRON(6, 7);

        public final int maxLoans;
        public final int extraDays;

        Tier(int maxLoans, int extraDays) {
            this.maxLoans = maxLoans;
            this.extraDays = extraDays;
        }
    }

    private final String name;
    private final Tier tier;
    private int owedCents;

    public Member(String name, Tier tier) {
        this.name = name;
        this.tier = tier;
    }

    public String getName() {
        return name;
    }

    public Tier getTier() {
        return tier;
    }

    public int getOwedCents() {
        return owedCents;
    }

    public void charge(int cents) {
        owedCents += cents;
    }

    /** Pays towards what is owed and returns the change. */
    public int pay(int cents) {
        int paid = Math.min(cents, owedCents);
        owedCents -= paid;
        return cents - paid;
    }
}
