package yard.bus;

/** Something that happened; the {@code name} is the job's name. */
public interface Event {
    String name();

    record Placed(String name, int start, String track) implements Event {}

    record Dropped(String name, String reason) implements Event {}
}
