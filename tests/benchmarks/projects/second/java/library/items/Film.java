package library.items;

public final class Film extends Book {
    public enum Rating {
        ALL(0),
        TEEN(12) {
            @Override
            String mark() {
                return "T";
            }
        },
        ADULT(18);

        private final int age;

        Rating(int age) {
            this.age = age;
        }

        public boolean allows(int age) {
            return age >= this.age;
        }

        String mark() {
            return name().substring(0, 1);
        }
    }

    private final Rating rating;

    public Film(String title, Rating rating) {
        super(title, Author.UNKNOWN);
        this.rating = rating;
    }

    public Rating rating() {
        return rating;
    }

    @Override
    public int days() {
        return switch (rating) {
            case ALL -> DAYS / 2;
            case TEEN, ADULT -> 3;
        };
    }

    @Override
    public double fee(int late) {
        return super.fee(late) + fee(late, 0.5);
    }

    @Override
    public String title() {
        return super.title() + " [" + rating.mark() + "]";
    }
}
