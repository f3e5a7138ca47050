package yard.bus;

@FunctionalInterface
public interface Listener<E extends Event> {
    void accept(E event);

    default String name() {
        return "listener";
    }

    static <T extends Event> Listener<T> once(Listener<? super T> listener) {
        boolean[] done = {false};
        return event -> {
            if (!done[0]) {
                done[0] = true;
                listener.accept(event);
            }
        };
    }
}
