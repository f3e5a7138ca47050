package registrar.model;

import java.time.*;
import java.util.Comparator;

/** A weekly meeting of a section, closed at the start and open at the end. */
public record TimeSlot(DayOfWeek day, LocalTime start, LocalTime end) implements Comparable<TimeSlot> {
    public TimeSlot {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("slot must end after it starts: " + start + "-" + end);
        }
    }

    /** Parses text such as {@code "MONDAY 09:00-10:30"}. */
    public static TimeSlot parse(String text) {
        String[] parts = text.split("[ -]");
        return new TimeSlot(DayOfWeek.valueOf(parts[0]), LocalTime.parse(parts[1]), LocalTime.parse(parts[2]));
    }

    public boolean overlaps(TimeSlot other) {
        return day == other.day && start.isBefore(other.end) && other.start.isBefore(end);
    }

    @Override
    public int compareTo(TimeSlot other) {
        return Comparator.comparing(TimeSlot::day).thenComparing(TimeSlot::start).compare(this, other);
    }

    @Override
    public String toString() {
        return day.name().substring(0, 3) + " " + start + "-" + end;
    }
}
