package museum.hours;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;

/** Decides when the museum is open on a day; an empty answer means closed. */
@FunctionalInterface
public interface OpeningRule {

    /** A span of opening time; the end is exclusive. */
    record Hours(LocalTime from, LocalTime until) {
        public boolean contains(LocalTime time) {
            return !time.isBefore(from) && time.isBefore(until);
        }

        @Override
        public String toString() {
            return from + "-" + until;
        }
    }

    Optional<Hours> on(LocalDate date);

    static OpeningRule daily(int from, int until) {
        Hours hours = new Hours(LocalTime.of(from, 0), LocalTime.of(until, 0));
        return date -> Optional.of(hours);
    }

    default OpeningRule closedOn(DayOfWeek day) {
        return date -> date.getDayOfWeek() == day ? Optional.empty() : on(date);
    }

    default OpeningRule lateOn(DayOfWeek day, int until) {
        return date -> on(date).map(hours ->
                date.getDayOfWeek() == day ? new Hours(hours.from(), LocalTime.of(until, 0)) : hours);
    }
}
