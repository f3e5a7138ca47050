package lending.model;

import java.util.Objects;

/** Something on the shelves. Subclasses say how long it may be kept and what it is worth. */
public abstract class Item implements Identified {
    private static int created = 0;

    private final String id;
    protected final String title;
    private int copies;
    private State state = State.AVAILABLE;

    protected Item(String prefix, String title, int copies) {
        this.id = Identified.format(prefix, ++created);
        this.title = Objects.requireNonNull(title, "title");
        this.copies = copies;
    }

    @Override public String id() { return id; }
    public String getTitle() { return title; }
    public int getCopies() { return copies; }
    public State getState() { return state; }

    /** Removes one copy from the shelf; {@link #release()} puts it back. */
    public void take() {
        if (copies == 0) {
            throw new IllegalStateException("no copies of " + title);
        }
        copies--;
        update();
    }

    public void release() {
        copies++;
        update();
    }

    public void withdraw() { state = State.WITHDRAWN; }

    private void update() {
        if (state != State.WITHDRAWN) {
            state = copies > 0 ? State.AVAILABLE : State.OUT;
        }
    }

    public static int created() { return created; }

    /** The number of days an item of this kind may be kept. */
    public abstract int loanDays();

    /** The value in cents, which is also the upper limit of a fine. */
    public abstract int value();

    public String describe() { return "%s %s (%s)".formatted(id, title, state.label()); }

    /** Where the copies of an item are. */
    public enum State {
        AVAILABLE("on shelf"),
        OUT("all lent"),
        WITHDRAWN("withdrawn");

        private final String label;

        State(String label) { this.label = label; }
        public String label() { return label; }
    }
}
