package yard.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A synchronous event bus: {@link #publish} calls every listener whose type fits. */
public class Bus {
    private final List<Entry<?>> entries = new ArrayList<>();
    private String first = "none";

    public Bus() {
        subscribe(Event.class, Listener.once(event -> first = event.name()));
    }

    public <E extends Event> Bus subscribe(Class<E> type, Listener<? super E> listener) {
        entries.add(new Entry<>(type, listener));
        return this;
    }

    public int publish(Event event) {
        return (int) entries.stream().filter(entry -> entry.offer(event)).count();
    }

    public String names() {
        return entries.stream()
                .map(entry -> entry.type.getSimpleName() + "=" + entry.listener.name())
                .collect(Collectors.joining(",", "first=" + first + " ", ""));
    }

    private record Entry<E extends Event>(Class<E> type, Listener<? super E> listener) {
        boolean offer(Event event) {
            if (!type.isInstance(event)) {
                return false;
            }
            listener.accept(type.cast(event));
            return true;
        }
    }
}
