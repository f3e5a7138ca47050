package depot.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A customer's order: a list of lines and a status that only moves forward. */
public final class Order {
    private static int nextId = 1001;

    /** One position of an order. */
    public record Line(Product product, int quantity) {
        public Money total() { return product.price().times(quantity); }
        public int weight() { return product.weight() * quantity; }
    }

    public enum Status {
        OPEN, RESERVED, BACKORDERED, SHIPPED;

        private Set<Status> next() {
            return switch (this) {
                case OPEN -> EnumSet.of(RESERVED, BACKORDERED);
                case BACKORDERED -> EnumSet.of(RESERVED);
                case RESERVED -> EnumSet.of(SHIPPED);
                case SHIPPED -> EnumSet.noneOf(Status.class);
            };
        }
    }

    private final int id;
    private final String customer;
    private final List<Line> lines = new ArrayList<>();
    private Status status = Status.OPEN;

    public Order(String customer) {
        this.id = nextId++;
        this.customer = customer;
    }

    public Order add(Product product, int quantity) {
        lines.add(new Line(product, quantity));
        return this;
    }

    public int getId() { return id; }
    public String getCustomer() { return customer; }
    public List<Line> getLines() { return Collections.unmodifiableList(lines); }
    public Status getStatus() { return status; }

    /** Moves to another status if that is allowed from the present one. */
    public void setStatus(Status status) {
        if (!this.status.next().contains(status)) {
            throw new IllegalStateException("order " + id + ": " + this.status + " -> " + status);
        }
        this.status = status;
    }

    public Money total() { return lines.stream().map(Line::total).reduce(Money.ZERO, Money::plus); }

    public int weight() {
        int weight = 0;
        for (Line line : lines) {
            weight += line.weight();
        }
        return weight;
    }

    public int size() { return lines.stream().mapToInt(Line::quantity).sum(); }
}
