package dev.parkhaus.model;

import java.util.Locale;

/** A vehicle that asks to be let in. */
public record Vehicle(String plate, Kind kind) {

    /** What sort of vehicle it is, and how much room it needs. */
    public enum Kind {
        MOTORCYCLE(1), CAR(2), VAN(3);
        private final int footprint;

        Kind(int footprint) {
            this.footprint = footprint;
        }

        public boolean fitsInto(Kind size) {
            return footprint <= size.footprint;
        }
    }

    public Vehicle {
        plate = plate.strip().toUpperCase(Locale.ROOT);
        if (plate.isEmpty()) {
            throw new IllegalArgumentException("plate must not be blank");
        }
    }

    public static Vehicle car(String plate) {
        return new Vehicle(plate, Kind.CAR);
    }
}
