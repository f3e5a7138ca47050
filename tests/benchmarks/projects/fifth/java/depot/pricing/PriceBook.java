package depot.pricing;

import static java.util.Comparator.comparingInt;

import depot.model.Money;
import depot.model.Order;
import java.util.ArrayList;
import java.util.List;

/** Applies the pricing rules in order of their priority, within a limit. */
public class PriceBook {
    private static final double MAX_DISCOUNT = 25.0;

    public record Quote(Money net, Money tax, List<String> applied) {
        public Money total() { return net.plus(tax); }
    }

    private final List<PricingRule> rules;

    private PriceBook(Builder builder) { this.rules = List.copyOf(builder.rules); }
    public static Builder builder() { return new Builder(); }

    public Quote quote(Order order) {
        Money limit = order.total().percent(MAX_DISCOUNT);
        Money discount = Money.ZERO;
        List<String> applied = new ArrayList<>();
        for (PricingRule rule : rules) {
            Money amount = rule.discount(order);
            if (amount.isPositive() && discount.compareTo(limit) < 0) {
                discount = discount.plus(amount);
                applied.add(rule.name());
            }
        }
        if (discount.compareTo(limit) > 0) {
            discount = limit;
            applied.add("limited");
        }
        Money tax = Money.ZERO;
        for (var line : order.getLines()) {
            tax = tax.plus(line.product().tax().times(line.quantity()));
        }
        return new Quote(order.total().minus(discount), tax, applied);
    }

    public int size() { return rules.size(); }

    public static final class Builder {
        private final List<PricingRule> rules = new ArrayList<>();

        private Builder() {
        }

        public Builder add(PricingRule rule) {
            rules.add(rule);
            return this;
        }

        public PriceBook build() {
            rules.sort(comparingInt(PricingRule::priority));
            return new PriceBook(this);
        }
    }
}
