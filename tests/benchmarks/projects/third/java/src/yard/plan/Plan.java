package yard.plan;

import java.util.*;
import java.util.function.Predicate;
import yard.model.Job;

/** The outcome of planning: slots on tracks, and the jobs that were dropped. */
public class Plan implements Iterable<Plan.Slot> {
    public enum Track {
        NORTH, SOUTH;

        Track next() {
            return values()[(ordinal() + 1) % values().length];
        }
    }

    public record Slot(Job job, int start, Track track) {
        public int minutes() {
            return job.minutes();
        }

        public int end() {
            return start + minutes();
        }

        public String label() {
            return Text.title(job.name()) + " " + start + "-" + end();
        }
    }

    private final int shift;
    private final List<List<Slot>> slots = new ArrayList<>();
    private final List<Job> dropped = new ArrayList<>();
    private Track track = Track.NORTH;

    Plan(int shift) {
        this.shift = shift;
        for (Track ignored : Track.values()) {
            slots.add(new ArrayList<>());
        }
    }

    void add(Job job) {
        for (int i = 0; i < Track.values().length; i++, track = track.next()) {
            int start = end(track);
            if (start + job.minutes() <= shift) {
                slots.get(track.ordinal()).add(new Slot(job, start, track));
                track = track.next();
                return;
            }
        }
        drop(job);
    }

    void drop(Job job) {
        dropped.add(job);
    }

    private int end(Track track) {
        var slots = this.slots.get(track.ordinal());
        return slots.isEmpty() ? 0 : slots.get(slots.size() - 1).end();
    }

    public List<Job> dropped() {
        return List.copyOf(dropped);
    }

    public int size() {
        return slots.stream().mapToInt(List::size).sum();
    }

    public int load() {
        int load = 0;
        for (Slot slot : this) {
            load += slot.minutes();
        }
        return load;
    }

    public int idle() {
        return shift * slots.size() - load();
    }

    public Optional<Slot> find(Predicate<? super Slot> test) {
        Slot best = null;
        for (var slot : this) {
            if (test.test(slot) && (best == null || slot.minutes() > best.minutes())) {
                best = slot;
            }
        }
        return Optional.ofNullable(best);
    }

    @Override
    public Iterator<Slot> iterator() {
        return new Cursor();
    }

    private class Cursor implements Iterator<Slot> {
        private int row;
        private int index;

        @Override
        public boolean hasNext() {
            while (row < slots.size() && index == slots.get(row).size()) {
                row++;
                index = 0;
            }
            return row < Plan.this.slots.size();
        }

        @Override
        public Slot next() {
            return slots.get(row).get(index++);
        }
    }
}
