package depot.stock;

import depot.model.Money;
import depot.model.Order;
import depot.model.Order.Line;
import depot.model.Order.Status;
import depot.model.Product;
import depot.util.Registry;
import java.util.ArrayList;
import java.util.List;

/** Keeps one bin per product and reserves stock for orders. */
public class Warehouse extends Registry<String, Warehouse.Bin> {

    /** Is told whenever the level of a bin changes. */
    @FunctionalInterface
    public interface Listener {
        void onChange(Bin bin, int delta);
    }

    public static class ShortageException extends Exception {
        private final int missing;

        ShortageException(Product product, int missing) {
            super("short of " + missing + " x " + product.name());
            this.missing = missing;
        }

        public int getMissing() { return missing; }
    }

    public static final class Bin {
        private static final int LOW_LEVEL = 5;
        private final Product product;
        private int level;
        private int reserved;

        private Bin(Product product) { this.product = product; }
        public Product product() { return product; }
        public int level() { return level; }
        public int available() { return level - reserved; }
        public boolean isLow() { return available() < LOW_LEVEL; }
    }

    private final List<Listener> listeners = new ArrayList<>();

    public Warehouse() { super(bin -> bin.product.id()); }
    public void subscribe(Listener listener) { listeners.add(listener); }

    public void receive(Product product, int quantity) {
        if (find(product.id()).isEmpty()) {
            add(new Bin(product));
        }
        update(get(product.id()), quantity);
    }

    /** Reserves all lines or none; the status of the order tells which. */
    public void reserve(Order order) throws ShortageException {
        for (Line line : order.getLines()) {
            int missing = line.quantity() - get(line.product().id()).available();
            if (missing > 0) {
                if (order.getStatus() == Status.OPEN) {
                    order.setStatus(Status.BACKORDERED);
                }
                throw new ShortageException(line.product(), missing);
            }
        }
        order.getLines().forEach(line -> get(line.product().id()).reserved += line.quantity());
        order.setStatus(Status.RESERVED);
    }

    public void release(Order order) {
        order.setStatus(Status.SHIPPED);
        for (Line line : order.getLines()) {
            Bin bin = get(line.product().id());
            bin.reserved -= line.quantity();
            update(bin, -line.quantity());
        }
    }

    public Money value() {
        Money value = Money.ZERO;
        for (Bin bin : this) {
            value = value.plus(bin.product.price().times(bin.level));
        }
        return value;
    }

    private void update(Bin bin, int delta) {
        bin.level += delta;
        listeners.forEach(listener -> listener.onChange(bin, delta));
    }
}
