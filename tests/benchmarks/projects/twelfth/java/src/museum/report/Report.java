package museum.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import museum.hours.OpeningRule;
import museum.model.Museum;
import museum.model.Room;
import museum.ticket.Ticket;
import museum.tour.Tour;

/** Collects lines of text under headings. */
public final class Report {
    private final StringBuilder text = new StringBuilder();

    public void section(String heading) {
        text.append("== ").append(heading).append(" ==\n");
    }

    public void line(String format, Object... args) {
        text.append("  ").append(String.format(Locale.ROOT, format, args)).append('\n');
    }

    public void catalogue(Museum museum) {
        for (Room room : museum.rooms()) {
            section(room.name());
            room.forEach(exhibit -> line("%s", exhibit.caption()));
        }
    }

    public void week(OpeningRule opening, LocalDate monday) {
        section("Opening hours");
        monday.datesUntil(monday.plusWeeks(1)).forEach(day ->
                line("%s %s", day, opening.on(day).map(Object::toString).orElse("closed")));
    }

    public void tour(Tour tour) {
        section("Tour: " + tour.title());
        for (Tour.Stop stop : tour.stops()) {
            line("%s %s, %d min", stop.arrival(), stop.room.name(), stop.room.viewingMinutes());
        }
        tour.visitors().forEach(ticket -> line("- %s", ticket.holder()));
        int cents = tour.visitors().stream().mapToInt(Ticket::cents).sum();
        line("income: %d.%02d EUR", cents / 100, cents % 100);
    }

    /** Counts items by any key that can be sorted. */
    public <T, K extends Comparable<K>> void tally(String heading, List<T> items, Function<T, K> key) {
        section(heading);
        items.stream()
                .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()))
                .forEach((k, count) -> line("%s: %d", k, count));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
