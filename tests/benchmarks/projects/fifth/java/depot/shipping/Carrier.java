package depot.shipping;

import depot.model.Money;
import depot.model.Order;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Somebody who delivers parcels. Subclasses decide on the cost and on what they accept. */
public abstract class Carrier {
    protected static final int GRAMS_PER_KILO = 1000;
    private final String name;
    protected final int days;
    private int shipments;

    protected Carrier(String name, int days) {
        this.name = name;
        this.days = days;
    }

    public String name() { return name; }
    public int getShipments() { return shipments; }

    public abstract Money cost(int weight);

    protected boolean accepts(Order order) {
        return order.getLines().stream()
                .noneMatch(line -> line.product().category().perishable() && days > 2);
    }

    /** Takes the order over and returns the text of its label. */
    public final String ship(Order order) {
        shipments++;
        return String.format("%s-%d/%d in %d days", name, order.getId(), shipments, days);
    }

    public static Optional<Carrier> cheapest(List<? extends Carrier> carriers, Order order) {
        Comparator<Carrier> byCost = Comparator.comparing(carrier -> carrier.cost(order.weight()));
        return carriers.stream()
                .filter(carrier -> carrier.accepts(order))
                .map(Carrier.class::cast)
                .min(byCost.thenComparing(Carrier::name));
    }

    /** Charges per started kilogram. */
    public static class Post extends Carrier {
        private static final int MAX_WEIGHT = 20 * GRAMS_PER_KILO;
        private final Money rate;

        public Post(Money rate) {
            super("POST", 4);
            this.rate = rate;
        }

        @Override
        public Money cost(int weight) {
            return rate.times((weight + GRAMS_PER_KILO - 1) / GRAMS_PER_KILO);
        }

        @Override
        protected boolean accepts(Order order) {
            return super.accepts(order) && order.weight() <= MAX_WEIGHT;
        }
    }

    public static class Courier extends Carrier {
        private final Money base;

        public Courier(String name, Money base) { this(name, base, 1); }

        protected Courier(String name, Money base, int days) {
            super(name, days);
            this.base = base;
        }

        @Override
        public Money cost(int weight) { return base.plus(new Money(weight / 50)); }
    }

    public static class Freight extends Courier {
        public Freight() { super("FREIGHT", Money.of(9, 90), 7); }
        @Override
        public Money cost(int weight) { return super.cost(weight / 4); }
    }
}
