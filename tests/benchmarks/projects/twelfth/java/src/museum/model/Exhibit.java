package museum.model;

/** A single object on display. */
public record Exhibit(String id, String title, Kind kind, int year, int minutes) {

    public enum Kind { PAINTING, SCULPTURE, INSTRUMENT }

    public int century() {
        return (year + 99) / 100;
    }

    public String caption() {
        return title + " (" + kind.name().toLowerCase() + ", " + year + ")";
    }
}
