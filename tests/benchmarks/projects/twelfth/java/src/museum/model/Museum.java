package museum.model;

import java.util.*;
import java.util.function.Predicate;

/** The building: rooms, and the doors between them. */
public final class Museum {
    private final Map<String, Room> rooms = new LinkedHashMap<>();
    private final Map<Room, List<Room>> doors = new LinkedHashMap<>();

    public Museum add(Room room) {
        rooms.put(room.name(), room);
        doors.put(room, new ArrayList<>());
        return this;
    }

    /** Opens a door that can be used in both directions. */
    public Museum connect(String first, String second) {
        doors.get(room(first)).add(room(second));
        doors.get(room(second)).add(room(first));
        return this;
    }

    public Room room(String name) {
        Room found = rooms.get(name);
        if (found == null) {
            throw new NoSuchElementException("no room called " + name);
        }
        return found;
    }

    public Collection<Room> rooms() {
        return Collections.unmodifiableCollection(rooms.values());
    }

    public Optional<Room> locate(String exhibitId) {
        return rooms.values().stream()
                .filter(room -> room.exhibits().stream().anyMatch(e -> e.id().equals(exhibitId)))
                .findFirst();
    }

    public List<Exhibit> search(Predicate<? super Exhibit> wanted) {
        return rooms.values().stream()
                .flatMap(room -> room.exhibits().stream())
                .filter(wanted)
                .toList();
    }

    /** The shortest walk between two rooms, both included; empty if there is none. */
    public List<Room> route(Room from, Room to) {
        Map<Room, List<Room>> paths = new HashMap<>(Map.of(from, List.of(from)));
        Deque<Room> queue = new ArrayDeque<>(List.of(from));
        while (!queue.isEmpty() && !paths.containsKey(to)) {
            Room current = queue.remove();
            for (Room next : doors.get(current)) {
                if (!paths.containsKey(next)) {
                    List<Room> longer = new ArrayList<>(paths.get(current));
                    longer.add(next);
                    paths.put(next, longer);
                    queue.add(next);
                }
            }
        }
        return paths.getOrDefault(to, List.of());
    }
}
