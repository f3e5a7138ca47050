package dev.parkhaus.report;

import dev.parkhaus.Garage;
import dev.parkhaus.model.Session;
import dev.parkhaus.model.Slot;
import dev.parkhaus.model.Vehicle.Kind;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sums up the sessions that began on the day of {@code now}. */
public record DailyReport(Garage garage, LocalDateTime now) {

    /** What one kind of vehicle contributed. */
    private record Line(String label, int stays, Duration parked, long cents) {

        String render() {
            return String.format("  %-10s %d stays %3d:%02d h %10s%n",
                    label, stays, parked.toHours(), parked.toMinutesPart(), euros(cents));
        }
    }

    public String render() {
        StringBuilder out = new StringBuilder("Report for " + now.toLocalDate() + "\n");
        List<Line> lines = lines();
        lines.forEach(line -> out.append(line.render()));
        out.append("  total ").append(euros(lines.stream().mapToLong(Line::cents).sum())).append('\n');
        String inside = garage.sessions().stream()
                .filter(Session::isOpen)
                .map(s -> s.vehicle.plate() + " at " + s.slot)
                .collect(Collectors.joining(", "));
        out.append(String.format("  still inside: %s%n", inside));
        garage.freeSlots().stream()
                .collect(Collectors.groupingBy(Slot::level, TreeMap::new, Collectors.counting()))
                .forEach((level, count) -> out.append(String.format("  level %d: %d free%n", level, count)));
        return out.toString();
    }

    private List<Line> lines() {
        return garage.sessions().stream()
                .filter(s -> s.entered.toLocalDate().equals(now.toLocalDate()))
                .collect(Collectors.groupingBy(s -> s.vehicle.kind(), TreeMap::new, Collectors.toList()))
                .entrySet().stream()
                .map(entry -> summarize(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Line summarize(Kind kind, List<Session> sessions) {
        Duration parked = sessions.stream().map(s -> s.durationAt(now)).reduce(Duration.ZERO, Duration::plus);
        long cents = sessions.stream().mapToLong(Session::feeCents).sum();
        return new Line(kind.name().toLowerCase(Locale.ROOT), sessions.size(), parked, cents);
    }

    public static String euros(long cents) {
        return String.format(Locale.ROOT, "%d.%02d EUR", cents / 100, cents % 100);
    }
}
