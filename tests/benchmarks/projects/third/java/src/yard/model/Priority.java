package yard.model;

import java.util.Arrays;

/** How urgent a job is; {@link #weight} scales its score. */
public enum Priority {
    LOW("low", 1),
    NORMAL("normal", 2) {
        @Override
        public int boost(int minutes) {
            return minutes % 2 == 0 ? weight() : 0;
        }
    },
    HIGH("high", 4) {
        @Override
        public int boost(int minutes) {
            return super.boost(minutes) + BONUS;
        }
    };

    private static final int BONUS = 100;

    private final String label;
    private final int weight;

    Priority(String label, int weight) {
        this.label = label;
        this.weight = weight;
    }

    public String label() {
        return "[" + label + "]";
    }

    public int weight() {
        return weight;
    }

    public int boost(int minutes) {
        return minutes * weight / 10;
    }

    public static Priority parse(String label) {
        return Arrays.stream(values())
                .filter(priority -> priority.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no priority " + label));
    }
}
