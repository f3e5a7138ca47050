package museum;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import museum.hours.OpeningRule;
import museum.model.Exhibit;
import museum.model.Exhibit.Kind;
import museum.model.Museum;
import museum.model.Room;
import museum.report.Report;
import museum.ticket.Ticket;
import museum.tour.BookingException;
import museum.tour.Tour;

/** Opens the museum for a week and prints what happens. */
public final class Main {
    private final Museum museum = build();
    private final Report report = new Report();

    public static void main(String[] args) {
        Main guide = new Main();
        guide.openDoors(LocalDate.of(2023, 5, 1));
        guide.answerQuestions();
        System.out.print(guide.report);
    }

    private void openDoors(LocalDate monday) {
        OpeningRule opening = OpeningRule.daily(10, 17)
                .lateOn(DayOfWeek.THURSDAY, 21)
                .closedOn(DayOfWeek.MONDAY);
        report.catalogue(museum);
        report.week(opening, monday);

        Tour evening = new Tour("Evening Stars", monday.plusDays(3).atTime(18, 30), 3)
                .visit(museum, "Observatory")
                .visit(museum, "Foyer")
                .visit(museum, "Dutch Gallery");
        Tour early = new Tour("Early Birds", monday.atTime(11, 0), 10).visit(museum, "Foyer");
        List<Ticket> tickets = List.of(
                Ticket.forAge("Ines", 34), Ticket.forAge("Tom", 5), Ticket.forAge("Ines", 12),
                Ticket.forAge("Ruth", 16), Ticket.forAge("Omar", 51));

        report.section("Bookings turned down");
        bookAll(evening, opening, tickets);
        bookAll(early, opening, tickets.subList(0, 1));
        report.tour(evening);
    }

    private void bookAll(Tour tour, OpeningRule opening, List<Ticket> tickets) {
        for (Ticket ticket : tickets) {
            try {
                tour.book(ticket, opening);
            } catch (BookingException e) {
                report.line("%s", e.getMessage());
            }
        }
    }

    private void answerQuestions() {
        report.tally("By century", museum.search(exhibit -> true), Exhibit::century);
        report.tally("Older than 1750", museum.search(e -> e.year() < 1750), Exhibit::kind);
        report.section("Questions at the desk");
        for (String id : List.of("tele", "mummy")) {
            report.line("%s: %s", id, museum.locate(id).map(this::directions).orElse("not on display"));
        }
        for (String name : List.of("Cellar", "Attic")) {
            try {
                report.line("%s: %s", name, directions(museum.room(name)));
            } catch (NoSuchElementException e) {
                report.line("%s", e.getMessage());
            }
        }
    }

    private String directions(Room target) {
        List<Room> way = museum.route(museum.room("Foyer"), target);
        return way.isEmpty()
                ? "no way for visitors"
                : way.stream().map(Room::name).collect(Collectors.joining(" > ")) + ", floor " + target.floor();
    }

    private static Museum build() {
        return new Museum()
                .add(Room.of("Foyer", 0, new Exhibit("anchor", "Iron Anchor", Kind.SCULPTURE, 1912, 3)))
                .add(Room.of("Dutch Gallery", 1,
                        new Exhibit("storm", "Ships in a Storm", Kind.PAINTING, 1655, 8),
                        new Exhibit("quay", "The Old Quay", Kind.PAINTING, 1701, 5)))
                .add(Room.of("Observatory", 2,
                        new Exhibit("tele", "Brass Telescope", Kind.INSTRUMENT, 1788, 10),
                        new Exhibit("astro", "Mariner's Astrolabe", Kind.INSTRUMENT, 1600, 7)))
                .add(Room.of("Cellar", -1))
                .connect("Foyer", "Dutch Gallery")
                .connect("Dutch Gallery", "Observatory");
    }
}
