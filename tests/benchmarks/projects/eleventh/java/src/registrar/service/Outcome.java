package registrar.service;

import registrar.model.Section;

/** The result of a request to register. */
public sealed interface Outcome {
    String describe();

    record Enrolled(Section section) implements Outcome {
        @Override
        public String describe() {
            return "enrolled in " + section.id();
        }
    }

    record Waitlisted(Section section, int position) implements Outcome {
        @Override
        public String describe() {
            return "waiting for " + section.id() + " at position " + position;
        }
    }

    record Refused(String reason) implements Outcome {
        @Override
        public String describe() {
            return "refused, " + reason;
        }
    }
}
