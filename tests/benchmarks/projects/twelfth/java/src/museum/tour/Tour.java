package museum.tour;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import museum.hours.OpeningRule;
import museum.model.Museum;
import museum.model.Room;
import museum.ticket.Ticket;

/** A guided walk through some rooms at a given time. */
public class Tour {
    private static final int MINUTES_PER_DOOR = 2;

    /** One room on the way, reached some minutes after the start. */
    public final class Stop {
        public final Room room;
        private final int offset;

        private Stop(Room room, int offset) {
            this.room = room;
            this.offset = offset;
        }

        public LocalTime arrival() {
            return start.plusMinutes(offset).toLocalTime();
        }
    }

    private final String title;
    private final LocalDateTime start;
    private final int capacity;
    private final List<Stop> stops = new ArrayList<>();
    private final List<Ticket> visitors = new ArrayList<>();

    public Tour(String title, LocalDateTime start, int capacity) {
        this.title = title;
        this.start = start;
        this.capacity = capacity;
    }

    /** Appends a room, walking there from the previous stop. */
    public Tour visit(Museum museum, String roomName) {
        Room room = museum.room(roomName);
        int offset = 0;
        if (!stops.isEmpty()) {
            Stop last = stops.get(stops.size() - 1);
            int doors = museum.route(last.room, room).size() - 1;
            offset = last.offset + last.room.viewingMinutes() + doors * MINUTES_PER_DOOR;
        }
        stops.add(new Stop(room, offset));
        return this;
    }

    public void book(Ticket ticket, OpeningRule opening) throws BookingException {
        boolean open = opening.on(start.toLocalDate())
                .filter(hours -> hours.contains(start.toLocalTime()))
                .isPresent();
        if (!open) {
            throw new BookingException("the museum is closed at " + start);
        }
        if (visitors.stream().anyMatch(other -> other.holder().equals(ticket.holder()))) {
            throw new BookingException(ticket.holder() + " is already on the list");
        }
        if (visitors.size() == capacity) {
            throw new BookingException(title + " has no place for " + ticket.holder());
        }
        visitors.add(ticket);
    }

    public String title() {
        return title;
    }

    public List<Stop> stops() {
        return List.copyOf(stops);
    }

    public List<Ticket> visitors() {
        return List.copyOf(visitors);
    }
}
