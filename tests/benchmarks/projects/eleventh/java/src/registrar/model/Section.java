package registrar.model;

import java.util.*;
import java.util.function.Predicate;

/** One teaching of a course in a term, with its seats and its waiting list. */
public class Section {
    private final Course course;
    private final int number;
    private final int capacity;
    private final List<TimeSlot> slots;
    private final List<Student> roster = new ArrayList<>();
    private final List<Student> waiting = new ArrayList<>();

    public Section(Course course, int number, int capacity, List<TimeSlot> slots) {
        this.course = course;
        this.number = number;
        this.capacity = capacity;
        this.slots = slots;
    }

    public String id() {
        return "%s-%02d".formatted(course.code(), number);
    }

    public Course course() {
        return course;
    }

    public List<TimeSlot> slots() {
        return slots;
    }

    public boolean isFull() {
        return roster.size() >= capacity;
    }

    public boolean isAttendedBy(Student student) {
        return roster.contains(student);
    }

    public boolean clashesWith(Section other) {
        return slots.stream().anyMatch(slot -> other.slots.stream().anyMatch(slot::overlaps));
    }

    public void seat(Student student) {
        roster.add(student);
    }

    /** Appends the student and returns the position on the list, counted from one. */
    public int enqueue(Student student) {
        waiting.add(student);
        return waiting.size();
    }

    public boolean remove(Student student) {
        return roster.remove(student) || waiting.remove(student);
    }

    /** Takes the first waiting student who is eligible; the others keep their places. */
    public Optional<Student> pollWaiting(Predicate<Student> eligible) {
        Optional<Student> next = waiting.stream().filter(eligible).findFirst();
        next.ifPresent(waiting::remove);
        return next;
    }

    @Override
    public String toString() {
        return "%s %-15s %d/%d seats, %d waiting"
                .formatted(id(), course.title(), roster.size(), capacity, waiting.size());
    }
}
