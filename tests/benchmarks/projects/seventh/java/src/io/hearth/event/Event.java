package io.hearth.event;

/** Something that happened in the house at a simulated minute of the day. */
public sealed interface Event {
    int minute();

    String source();

    record StateChanged(int minute, String source, String property, String before, String after)
            implements Event {
        @Override
        public String toString() {
            return source + "." + property + ": " + before + " -> " + after;
        }
    }

    record MotionDetected(int minute, String source, int strength) implements Event {
        @Override
        public String toString() { return "motion at " + source + " (" + strength + "%)"; }
    }

    record TemperatureRead(int minute, String source, int celsius) implements Event {
        @Override
        public String toString() { return source + " reads " + celsius + " C"; }
    }
}
