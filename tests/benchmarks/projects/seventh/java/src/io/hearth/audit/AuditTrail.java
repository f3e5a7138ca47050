package io.hearth.audit;

import io.hearth.time.Scheduler;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** An append-only record of what the hub did and why. */
public final class AuditTrail implements Iterable<AuditTrail.Entry> {
    public enum Level { EVENT, RULE, ERROR }

    public record Entry(int minute, Level level, String message) {
        @Override
        public String toString() {
            return String.format("%s %-5s %s", Scheduler.format(minute), level, message);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    public void record(int minute, Level level, String message) {
        entries.add(new Entry(minute, level, message));
    }

    public Map<Level, Integer> countByLevel() {
        Map<Level, Integer> counts = new EnumMap<>(Level.class);
        entries.forEach(entry -> counts.merge(entry.level(), 1, Integer::sum));
        return counts;
    }

    @Override
    public Iterator<Entry> iterator() { return List.copyOf(entries).iterator(); }
}
