package museum.model;

import java.util.Iterator;
import java.util.List;

/** A room of the museum together with what it shows. */
public record Room(String name, int floor, List<Exhibit> exhibits) implements Iterable<Exhibit> {

    public static Room of(String name, int floor, Exhibit... exhibits) {
        return new Room(name, floor, List.of(exhibits));
    }

    public int viewingMinutes() {
        return exhibits.stream().mapToInt(Exhibit::minutes).sum();
    }

    @Override
    public Iterator<Exhibit> iterator() {
        return exhibits.iterator();
    }
}
