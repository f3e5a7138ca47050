package museum.ticket;

/** An admission ticket; the kind of ticket decides the price. */
public sealed interface Ticket {
    int BASE_CENTS = 1400;

    String holder();

    int cents();

    record Adult(String holder) implements Ticket {
        @Override
        public int cents() {
            return BASE_CENTS;
        }
    }

    record Child(String holder, int age) implements Ticket {
        @Override
        public int cents() {
            return age < 6 ? 0 : BASE_CENTS / 2;
        }
    }

    static Ticket forAge(String holder, int age) {
        return age < 18 ? new Child(holder, age) : new Adult(holder);
    }
}
