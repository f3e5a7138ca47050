package depot;

import depot.model.Money;
import depot.model.Order;
import depot.model.Product;
import depot.model.Product.Category;
import depot.pricing.PriceBook;
import depot.pricing.PricingRule;
import depot.shipping.Carrier;
import depot.stock.Warehouse;
import depot.stock.Warehouse.Bin;
import depot.stock.Warehouse.ShortageException;
import depot.util.Registry;
import java.util.List;

/** Runs a day at the depot and prints what happened. */
public final class Main {
    private final Registry<String, Product> catalog = new Registry<>(Product::id);
    private final Registry<Integer, Order> orders = new Registry<>(Order::getId);
    private final Warehouse warehouse = new Warehouse();
    private final PriceBook prices = PriceBook.builder()
            .add(PricingRule.bulk(10, 8))
            .add(new PricingRule.Loyalty("Harbour Cafe", Money.of(5, 0)).withMinimum(Money.of(40, 0)))
            .add(new PricingRule.Seasonal(Category.BOOKS, 22.5))
            .build();
    private final List<Carrier> carriers = List.of(
            new Carrier.Post(Money.of(2, 40)),
            new Carrier.Courier("SWIFT", Money.of(6, 50)),
            new Carrier.Freight());
    private int moves;

    public static void main(String[] args) { new Main().run(); }

    private void run() {
        fillCatalog();
        warehouse.subscribe((bin, delta) -> moves++);
        warehouse.subscribe(this::log);
        warehouse.receive(catalog.get("T1"), 12);
        warehouse.receive(catalog.get("B1"), 30);
        warehouse.receive(catalog.get("B2"), 4);
        warehouse.receive(catalog.get("F1"), 40);
        print("stock value", warehouse.value());

        orders.add(new Order("Old Mill School").add(catalog.get("B1"), 24).add(catalog.get("B2"), 2));
        orders.add(new Order("Harbour Cafe").add(catalog.get("F1"), 15).add(catalog.get("T1"), 1));
        orders.add(new Order("Green Garage").add(catalog.get("T1"), 10));
        orders.add(new Order("Reading Room").add(catalog.get("B2"), 5));
        orders.forEach(this::process);

        warehouse.receive(catalog.get("B2"), 6);
        process(orders.get(orders.lastKey()));
        summarize();
    }

    private void fillCatalog() {
        catalog.add(new Product("T1", "Cordless drill", Category.TOOLS, Money.of(89, 90), 2300))
                .add(new Product("B1", "Atlas of rivers", Category.BOOKS, Money.of(24, 50), 900))
                .add(new Product("B2", "Knots and ropes", Category.BOOKS, Money.of(12, 95), 350))
                .add(new Product("F1", "Coffee beans", Category.FOOD, Money.of(7, 80), 500));
    }

    private void process(Order order) {
        System.out.println("order " + order.getId() + " of " + order.getCustomer()
                + ", " + order.size() + " pieces");
        try {
            warehouse.reserve(order);
        } catch (ShortageException e) {
            print(e.getMissing() > 1 ? "shortages" : "shortage", e.getMessage());
            return;
        }
        PriceBook.Quote quote = prices.quote(order);
        print("list price", order.total());
        print("net + tax", quote.net() + " + " + quote.tax());
        print("total", quote.total());
        print("rules", quote.applied().isEmpty() ? "none" : String.join(", ", quote.applied()));
        Carrier.cheapest(carriers, order).ifPresentOrElse(carrier -> {
            print("shipping", carrier.cost(order.weight()) + " for " + order.weight() + " g");
            print("label", carrier.ship(order));
            warehouse.release(order);
        }, () -> print("shipping", "no carrier"));
    }

    private void log(Bin bin, int delta) {
        String low = bin.isLow() ? " (low)" : "";
        System.out.printf("  %+4d %-16s -> %d%s%n", delta, bin.product().name(), bin.level(), low);
    }

    private void summarize() {
        System.out.println("summary");
        for (Bin bin : warehouse) {
            print(bin.product().name(), bin.available() + " available");
        }
        for (Carrier carrier : carriers) {
            print(carrier.name(), carrier.getShipments() + " shipments");
        }
        int shipped = orders.count(order -> order.getStatus() == Order.Status.SHIPPED);
        print("shipped", shipped + " of " + orders.size());
        print("stock value", warehouse.value());
        print("moves", moves);
        print("rules", prices.size());
    }

    private static void print(String label, Object value) {
        System.out.printf("  %-16s %s%n", label, value);
    }
}
