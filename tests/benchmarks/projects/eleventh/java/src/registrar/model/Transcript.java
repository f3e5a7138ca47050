package registrar.model;

import java.util.*;

/** The graded courses of one student, in the order in which they were recorded. */
public class Transcript implements Iterable<Transcript.Entry> {
    public record Entry(String term, Course course, Grade grade) {}

    private final List<Entry> entries = new ArrayList<>();

    public Transcript add(String term, Course course, Grade grade) {
        entries.add(new Entry(term, course, grade));
        return this;
    }

    public Optional<Grade> bestGrade(String courseCode) {
        return entries.stream()
                .filter(e -> e.course().code().equals(courseCode))
                .map(Entry::grade)
                .max(Comparator.comparingDouble(Grade::points));
    }

    public int earnedCredits() {
        return entries.stream()
                .filter(e -> e.grade().atLeast(Grade.D))
                .mapToInt(e -> e.course().credits())
                .sum();
    }

    /** Credit-weighted average, or zero while nothing has been graded. */
    public double average() {
        double points = 0;
        int credits = 0;
        for (Entry entry : entries) {
            points += entry.grade().points() * entry.course().credits();
            credits += entry.course().credits();
        }
        return credits == 0 ? 0 : points / credits;
    }

    @Override
    public Iterator<Entry> iterator() {
        return entries.iterator();
    }
}
