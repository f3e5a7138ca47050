package io.hearth.rule;

import io.hearth.event.Event;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** "When this happens, and that holds, do the following", at most once per cooldown. */
public final class Rule<E extends Event> {
    private Predicate<E> condition = event -> true;
    private Consumer<E> action;
    private int cooldown;
    private int quietUntil;

    /** Adds a condition; all of them have to hold. */
    public Rule<E> when(Predicate<E> extra) {
        condition = condition.and(extra);
        return this;
    }

    public Rule<E> cooldown(int minutes) {
        cooldown = minutes;
        return this;
    }

    public Rule<E> then(Consumer<E> newAction) {
        action = newAction;
        return this;
    }

    /** Runs the action if the event meets the conditions; says whether it did. */
    public boolean consider(E event) {
        if (event.minute() < quietUntil || !condition.test(event)) {
            return false;
        }
        quietUntil = event.minute() + cooldown;
        action.accept(event);
        return true;
    }
}
