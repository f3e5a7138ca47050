package dev.parkhaus.pricing;

import dev.parkhaus.model.Session;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Set;

/** Computes what a stay costs, in cents. Strategies wrap one another to add caps and discounts. */
@FunctionalInterface
public interface PricingStrategy {

    long price(Session session, LocalDateTime exit);

    static PricingStrategy flat(long cents) {
        return (session, exit) -> cents;
    }

    /** Nothing to pay for short stays. */
    default PricingStrategy withGrace(Duration grace) {
        return (session, exit) ->
                session.durationAt(exit).compareTo(grace) <= 0 ? 0 : price(session, exit);
    }

    /** At most {@code capCents} for each started day. */
    default PricingStrategy withDailyCap(long capCents) {
        return (session, exit) ->
                Math.min(price(session, exit), capCents * (session.durationAt(exit).toDays() + 1));
    }

    /** A percentage off for the plates of subscribers. */
    default PricingStrategy withDiscount(Set<String> plates, int percent) {
        return (session, exit) -> {
            long full = price(session, exit);
            return plates.contains(session.vehicle.plate()) ? full * (100 - percent) / 100 : full;
        };
    }
}
