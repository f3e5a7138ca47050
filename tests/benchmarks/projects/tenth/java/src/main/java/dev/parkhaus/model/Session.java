package dev.parkhaus.model;

import java.time.Duration;
import java.time.LocalDateTime;

/** A stay in the garage, from the ticket at the entry to the payment at the exit. */
public final class Session {

    public final int ticket;
    public final Vehicle vehicle;
    public final Slot slot;
    public final LocalDateTime entered;
    private LocalDateTime left;
    private long feeCents;

    public Session(int ticket, Vehicle vehicle, Slot slot, LocalDateTime entered) {
        this.ticket = ticket;
        this.vehicle = vehicle;
        this.slot = slot;
        this.entered = entered;
    }

    public boolean isOpen() {
        return left == null;
    }

    public long feeCents() {
        return feeCents;
    }

    /** How long the vehicle has been inside, as seen at {@code now}. */
    public Duration durationAt(LocalDateTime now) {
        return Duration.between(entered, isOpen() ? now : left);
    }

    public void close(LocalDateTime at, long cents) {
        if (at.isBefore(entered)) {
            throw new IllegalArgumentException("ticket " + ticket + " cannot end before it began");
        }
        left = at;
        feeCents = cents;
    }
}
