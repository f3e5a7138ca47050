package yard;

import static yard.model.Priority.HIGH;
import static yard.model.Priority.LOW;
import static yard.plan.Text.pad;
import java.lang.reflect.Method;
import java.util.*;
import java.util.function.*;
import java.util.stream.Collectors;
import yard.bus.*;
import yard.model.Job;
import yard.model.Job.Haul;
import yard.model.Priority;
import yard.plan.Plan;
import yard.plan.Planner;
import yard.plan.Text;
import yard.plan.WeightedPlanner;

/** Runs a freight yard for one shift. See {@link Planner#plan(List)} and {@link Bus#publish}. */
public final class Main {
    private static final int SHIFT = 60;
    private static int sequence;

    private final Bus bus = new Bus();
    private final List<String> log = new ArrayList<>();
    private final Map<String, Integer> count = new TreeMap<>();

    private Main() {
        bus.subscribe(Event.Placed.class, this::placed);
        bus.subscribe(Event.Dropped.class, event -> log.add(event.name() + " dropped: " + event.reason()));
        bus.subscribe(Event.class, new Listener<>() {
            private int size;

            @Override
            public void accept(Event event) {
                size++;
                count.merge(event.getClass().getSimpleName(), 1, Integer::sum);
            }

            @Override
            public String name() {
                return "counter/" + size;
            }
        });
    }

    private void placed(Event.Placed placed) {
        var name = placed.name();
        log.add(pad(name, 10) + "@" + placed.start() + " on " + placed.track());
    }

    private static List<Job> jobs() {
        return List.of(
                new Haul("coal", 18, HIGH, 2),
                new Haul("timber", 12, LOW, 3),
                new Job.Wash("wagon-7", 9),
                Job.repair("axle", 15).part("bearing", 3).part("spring", 4).build(),
                new Haul("grain", 20, Priority.parse("normal"), 1),
                Job.repair("brake", 6).priority(HIGH).part("pad", 2).build(),
                new Job.Wash("wagon-9", 41));
    }

    private static Planner first() {
        return new Planner("first") {
            @Override
            protected int score(Job job) {
                return -sequence++;
            }
        };
    }

    private void run(Planner planner, List<Job> jobs) {
        log.clear();
        Plan plan = planner.plan(jobs);
        System.out.println("== " + planner);
        int events = 0;
        for (Plan.Slot slot : plan) {
            events += bus.publish(new Event.Placed(slot.job().name(), slot.start(), slot.track().name()));
        }
        plan.dropped().forEach(job -> bus.publish(new Event.Dropped(job.name(), "needs " + job.minutes())));
        log.forEach(System.out::println);
        System.out.println("load " + plan.load() + ", idle " + plan.idle() + ", events " + events);
        System.out.println("size " + plan.size());
        var longest = plan.find(slot -> slot.minutes() > 15);
        System.out.println("longest " + longest.map(Plan.Slot::label).orElse("-"));
    }

    private static String reflect(Object target, String... names) {
        var parts = new ArrayList<String>();
        for (String name : names) {
            try {
                Method method = target.getClass().getMethod(name);
                parts.add(name + "=" + method.invoke(target));
            } catch (ReflectiveOperationException e) {
                parts.add(name + "?");
            }
        }
        return String.join(" ", parts);
    }

    private static <K extends Comparable<K>> void table(List<Job> jobs, Function<? super Job, K> key) {
        jobs.stream()
                .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.summingInt(Job::minutes)))
                .forEach((name, minutes) -> System.out.println(pad(name, 10) + minutes));
    }

    public static void main(String[] args) {
        Main main = new Main();
        List<Job> jobs = jobs();
        List<Supplier<Planner>> planners = List.of(
                Main::first,
                WeightedPlanner::new,
                () -> new WeightedPlanner(Job::minutes).limit(40));
        for (Supplier<Planner> planner : planners) {
            main.run(planner.get().shift(SHIFT), jobs);
        }
        System.out.println("== totals");
        table(jobs, Job::kind);
        table(jobs, Job::priority);
        System.out.println(main.count + " " + main.bus.names());

        System.out.println("== details");
        jobs.stream()
                .sorted(Comparator.comparing(Job::priority).reversed().thenComparing(Job::name))
                .map(Main::describe)
                .forEach(System.out::println);
        System.out.println(reflect(jobs.get(0), "name", "wagons", "minutes", "weight"));
        BiFunction<String, Integer, String> pad = Text::pad;
        System.out.println(pad.andThen(String::length).apply("name", 12) + " " + Text.title("pad the name"));
        System.out.println("""
                {"sequence": %d, "kind": "%s"}""".formatted(sequence, jobs.get(2).kind()));
    }

    private static String describe(Job job) {
        if (job instanceof Haul haul && haul.wagons() > 1) {
            return "train  " + haul;
        }
        if (job instanceof Job.Repair repair) {
            int total = repair.parts().stream().mapToInt(Job.Repair.Part::minutes).sum();
            return "repair " + repair.name() + " parts=" + total + " " + repair.parts();
        }
        return "other  " + job.name() + " " + job.priority().label();
    }
}
