package depot.model;

/** Something the depot sells. The weight is in grams. */
public record Product(String id, String name, Category category, Money price, int weight) {

    public enum Category {
        TOOLS("Tools", 20.0),
        BOOKS("Books", 7.0),
        FOOD("Food", 7.0) {
            @Override
            public boolean perishable() { return true; }
        };

        private final String label;
        private final double taxRate;

        Category(String label, double taxRate) {
            this.label = label;
            this.taxRate = taxRate;
        }

        public String label() { return label; }
        public double taxRate() { return taxRate; }
        public boolean perishable() { return false; }
    }

    public Product {
        if (weight <= 0) {
            throw new IllegalArgumentException("weight of " + id + " must be positive");
        }
    }

    public Money tax() { return price.percent(category.taxRate()); }
    public boolean is(Category wanted) { return category == wanted; }
}
