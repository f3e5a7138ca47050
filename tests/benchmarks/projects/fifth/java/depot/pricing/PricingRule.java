package depot.pricing;

import depot.model.Money;
import depot.model.Order;
import depot.model.Product.Category;

/** A reduction of an order's price. Rules are combined by {@link PriceBook}. */
public sealed interface PricingRule permits PricingRule.Bulk, PricingRule.Seasonal, PricingRule.Loyalty {
    int DEFAULT_PRIORITY = 10;

    String name();

    /** The amount taken off the order; {@link Money#ZERO} where the rule doesn't apply. */
    Money discount(Order order);

    default int priority() {
        return DEFAULT_PRIORITY;
    }

    static PricingRule bulk(int threshold, double rate) { return new Bulk(threshold, rate); }

    /** A rate off every line with at least {@code threshold} pieces. */
    record Bulk(int threshold, double rate) implements PricingRule {
        @Override
        public String name() { return "bulk of " + threshold; }

        @Override
        public Money discount(Order order) {
            return order.getLines().stream()
                    .filter(line -> line.quantity() >= threshold)
                    .map(line -> line.total().percent(rate))
                    .reduce(Money.ZERO, Money::plus);
        }
    }

    record Seasonal(Category category, double rate) implements PricingRule {
        @Override
        public String name() {
            return category.label().toLowerCase(java.util.Locale.ROOT) + " sale";
        }

        @Override
        public Money discount(Order order) {
            Money discount = Money.ZERO;
            for (Order.Line line : order.getLines()) {
                if (line.product().is(category)) {
                    discount = discount.plus(line.total().percent(rate));
                }
            }
            return discount;
        }

        @Override
        public int priority() { return DEFAULT_PRIORITY - 5; }
    }

    /** A fixed amount for a known customer, once the total reaches a minimum. */
    final class Loyalty implements PricingRule {
        private final String customer;
        private final Money amount;
        private Money minimum = Money.ZERO;

        public Loyalty(String customer, Money amount) {
            this.customer = customer;
            this.amount = amount;
        }

        public Loyalty withMinimum(Money minimum) {
            this.minimum = minimum;
            return this;
        }

        @Override
        public String name() { return "loyalty of " + customer; }

        @Override
        public Money discount(Order order) {
            boolean applies = order.getCustomer().equals(customer) && order.total().compareTo(minimum) >= 0;
            return applies ? amount : Money.ZERO;
        }
    }
}
