package dev.parkhaus.pricing;

import dev.parkhaus.model.Session;
import dev.parkhaus.model.Vehicle.Kind;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Map;

/** Charges every started hour by the kind of vehicle, and half of that for hours that start at night. */
public record HourlyTariff(Map<Kind, Long> rates, LocalTime nightStart, LocalTime nightEnd)
        implements PricingStrategy {

    @Override
    public long price(Session session, LocalDateTime exit) {
        long rate = rates.getOrDefault(session.vehicle.kind(), 0L);
        long total = 0;
        for (var hour = session.entered; hour.isBefore(exit); hour = hour.plusHours(1)) {
            total += isNight(hour.toLocalTime()) ? rate / 2 : rate;
        }
        return total;
    }

    private boolean isNight(LocalTime time) {
        return !time.isBefore(nightStart) || time.isBefore(nightEnd);
    }
}
