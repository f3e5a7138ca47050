package dev.parkhaus.model;

import dev.parkhaus.model.Vehicle.Kind;
import java.util.Comparator;

/** One marked space on one level of the garage. */
public record Slot(int level, int number, Kind size) implements Comparable<Slot> {

    private static final Comparator<Slot> BEST_FIT =
            Comparator.comparing(Slot::size).thenComparingInt(Slot::level).thenComparingInt(Slot::number);

    /** Smallest slot first, then the level closest to the entrance. */
    @Override
    public int compareTo(Slot other) {
        return BEST_FIT.compare(this, other);
    }

    @Override
    public String toString() {
        return String.format("L%d-%02d", level, number);
    }
}
