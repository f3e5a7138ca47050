package dev.parkhaus;

import dev.parkhaus.model.Session;
import dev.parkhaus.model.Slot;
import dev.parkhaus.model.Vehicle;
import dev.parkhaus.model.Vehicle.Kind;
import dev.parkhaus.pricing.PricingStrategy;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Keeps the slots and the tickets. Vehicles come and go through its gates. */
public class Garage {

    /** Is told about every vehicle that passes a gate. */
    public interface Listener {
        void onPassage(Gate gate, Session session);
    }

    private final SortedSet<Slot> freeSlots = new TreeSet<>();
    private final Map<Integer, Session> sessions = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final PricingStrategy pricing;
    private int nextTicket = 100;

    public Garage(PricingStrategy pricing) {
        this.pricing = pricing;
    }

    /** Adds a level with one slot for each of the sizes. */
    public Garage addLevel(int level, Kind... sizes) {
        int number = 1;
        for (Kind size : sizes) {
            freeSlots.add(new Slot(level, number++, size));
        }
        return this;
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    public Gate openGate(String name) {
        return new Gate(name);
    }

    public List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    public List<Slot> freeSlots() {
        return List.copyOf(freeSlots);
    }

    private Slot takeSlot(Vehicle vehicle) throws ParkingException {
        Slot slot = freeSlots.stream()
                .filter(candidate -> vehicle.kind().fitsInto(candidate.size()))
                .findFirst()
                .orElseThrow(() -> new ParkingException("no slot for " + vehicle.plate()));
        freeSlots.remove(slot);
        return slot;
    }

    /** A barrier with a ticket machine. It shares the slots and tickets of its garage. */
    public class Gate {
        private final String name;

        private Gate(String name) {
            this.name = name;
        }

        public Session enter(Vehicle vehicle, LocalDateTime at) throws ParkingException {
            if (sessions.values().stream().anyMatch(s -> s.isOpen() && s.vehicle.equals(vehicle))) {
                throw new ParkingException(vehicle.plate() + " is already inside");
            }
            Slot slot = takeSlot(vehicle);
            Session session = new Session(nextTicket++, vehicle, slot, at);
            sessions.put(session.ticket, session);
            listeners.forEach(listener -> listener.onPassage(this, session));
            return session;
        }

        /** Closes the ticket, frees the slot and returns the fee in cents. */
        public long leave(int ticket, LocalDateTime at) throws ParkingException {
            Session session = sessions.get(ticket);
            if (session == null || !session.isOpen()) {
                throw new ParkingException("ticket " + ticket + " is not valid");
            }
            session.close(at, pricing.price(session, at));
            freeSlots.add(session.slot);
            listeners.forEach(listener -> listener.onPassage(this, session));
            return session.feeCents();
        }

        @Override
        public String toString() {
            return "[" + name + "]";
        }
    }
}
