package yard.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Work to be placed on a track. */
public sealed interface Job permits Job.Haul, Job.Wash, Job.Repair {
    int WASH_SETUP = 5;

    String name();

    int minutes();

    default Priority priority() {
        return Priority.NORMAL;
    }

    default String kind() {
        return getClass().getSimpleName().toLowerCase();
    }

    static Repair.Builder repair(String name, int minutes) {
        return new Repair.Builder(name, minutes);
    }

    record Haul(String name, int minutes, Priority priority, int wagons) implements Job {
        public Haul {
            minutes += wagons;
        }
    }

    record Wash(String name, int water) implements Job {
        @Override
        public int minutes() {
            return WASH_SETUP + water;
        }
    }

    final class Repair implements Job {
        private final String name;
        private final int minutes;
        private final Priority priority;
        private final List<Part> parts;

        private Repair(Builder builder) {
            name = builder.name;
            minutes = builder.minutes;
            priority = builder.priority;
            parts = List.copyOf(builder.parts);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int minutes() {
            return minutes + parts.stream().mapToInt(Part::minutes).sum();
        }

        @Override
        public Priority priority() {
            return Objects.requireNonNullElseGet(priority, Job.super::priority);
        }

        public List<Part> parts() {
            return parts;
        }

        public record Part(String name, int minutes) {
            @Override
            public String toString() {
                return name + ":" + minutes;
            }
        }

        public static class Builder {
            private final String name;
            private final int minutes;
            private final List<Part> parts = new ArrayList<>();
            private Priority priority;

            Builder(String name, int minutes) {
                this.name = name;
                this.minutes = minutes;
            }

            public Builder part(String name, int minutes) {
                parts.add(new Part(name, minutes));
                return this;
            }

            public Builder priority(Priority priority) {
                this.priority = priority;
                return this;
            }

            public Repair build() {
                return new Repair(this);
            }
        }
    }
}
