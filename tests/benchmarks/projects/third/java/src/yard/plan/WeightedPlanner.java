package yard.plan;

import java.util.function.ToIntFunction;
import yard.model.Job;
import yard.model.Priority;

public class WeightedPlanner extends Planner {
    private static final ToIntFunction<Job> DEFAULT = WeightedPlanner::weight;

    private final ToIntFunction<? super Job> score;

    public WeightedPlanner() {
        this(DEFAULT);
    }

    public WeightedPlanner(ToIntFunction<? super Job> score) {
        super(score == DEFAULT ? "weighted" : "custom");
        this.score = score;
    }

    private static int weight(Job job) {
        Priority priority = job.priority();
        return switch (priority) {
            case HIGH -> priority.boost(job.minutes());
            case NORMAL -> priority.weight() + priority.boost(job.minutes());
            case LOW -> -Priority.LOW.boost(job.minutes());
        };
    }

    @Override
    protected int score(Job job) {
        return score.applyAsInt(job);
    }

    /** Unlike the parent's, this limit shows in {@code name}'s output. */
    @Override
    public WeightedPlanner limit(int limit) {
        super.limit(limit);
        return this;
    }

    @Override
    public String toString() {
        String limit = this.limit == Integer.MAX_VALUE ? "none" : String.valueOf(this.limit);
        return super.toString() + " limit " + limit;
    }
}
