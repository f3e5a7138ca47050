package lending.model;

import java.time.Duration;
import java.util.List;

public final class Disc extends Item {
    public static final int LOAN_DAYS = 7;

    private final List<Track> tracks;

    public Disc(String title, int copies, Track... tracks) {
        super("D", title, copies);
        this.tracks = List.of(tracks);
    }

    public int size() { return tracks.size(); }

    public Duration length() {
        Duration length = Duration.ZERO;
        for (Track track : tracks) {
            length = length.plusSeconds(track.seconds());
        }
        return length;
    }

    @Override public int loanDays() { return LOAN_DAYS; }
    @Override public int value() { return 900 + 50 * size(); }

    @Override
    public String describe() {
        return super.describe() + ", " + size() + " tracks, " + length().toMinutes() + " min";
    }

    /** One track of a disc; the name is what is printed on the sleeve. */
    public record Track(String name, int seconds) {
        public Track {
            if (seconds <= 0) {
                throw new IllegalArgumentException("empty track " + name);
            }
        }

        public static Track of(String name, int minutes, int seconds) {
            return new Track(name, minutes * 60 + seconds);
        }

        public boolean isLong() { return seconds > 300; }
    }

    public List<String> longTracks() {
        return tracks.stream().filter(Track::isLong).map(Track::name).toList();
    }
}
