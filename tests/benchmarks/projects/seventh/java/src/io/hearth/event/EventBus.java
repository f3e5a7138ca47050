package io.hearth.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/** Delivers events in order; one that is published during a delivery waits for its turn. */
public final class EventBus {
    /** A handle by which a subscriber can leave the bus again. */
    public record Subscription<E extends Event>(Class<E> type, Consumer<? super E> handler) {
        private void offer(Event event) {
            if (type.isInstance(event)) {
                handler.accept(type.cast(event));
            }
        }
    }

    private final List<Subscription<?>> subscriptions = new ArrayList<>();
    private final Queue<Event> pending = new ArrayDeque<>();

    public <E extends Event> Subscription<E> subscribe(Class<E> type, Consumer<? super E> handler) {
        Subscription<E> subscription = new Subscription<>(type, handler);
        subscriptions.add(subscription);
        return subscription;
    }

    public void unsubscribe(Subscription<?> subscription) { subscriptions.remove(subscription); }

    public void publish(Event event) {
        pending.add(event);
        if (pending.size() > 1) {
            return;
        }
        for (Event next = event; next != null; next = pending.peek()) {
            for (Subscription<?> subscription : subscriptions) {
                subscription.offer(next);
            }
            pending.remove();
        }
    }
}
