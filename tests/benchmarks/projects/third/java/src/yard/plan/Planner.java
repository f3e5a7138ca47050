package yard.plan;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import yard.model.Job;

/** Sorts jobs by {@link #score} and fills the tracks in that order. */
public abstract class Planner {
    protected final String name;
    protected int limit = Integer.MAX_VALUE;
    private int shift = 30;

    protected Planner(String name) {
        this.name = name;
    }

    protected abstract int score(Job job);

    public Planner shift(int shift) {
        this.shift = shift;
        return this;
    }

    public Planner limit(int limit) {
        this.limit = limit;
        return this;
    }

    public Plan plan(List<Job> jobs) {
        Plan plan = new Plan(shift);
        Consumer<Job> add = plan::add, drop = plan::drop;
        jobs.stream()
                .map(job -> new Scored(job, score(job)))
                .sorted(Comparator.comparingInt(Scored::score).reversed())
                .map(Scored::job)
                .forEachOrdered(job -> (job.minutes() > limit ? drop : add).accept(job));
        return plan;
    }

    private record Scored(Job job, int score) {}

    @Override
    public String toString() {
        return "planner " + name + "(" + shift + ")";
    }
}
