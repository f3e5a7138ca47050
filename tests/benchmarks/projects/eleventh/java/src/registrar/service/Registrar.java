package registrar.service;

import registrar.model.*;

import java.util.*;
import java.util.function.BiConsumer;

/** Applies the rules of registration to the sections of one term. */
public class Registrar {
    private final String term;
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final BiConsumer<Student, Section> onPromotion;

    /** @param onPromotion told whenever a waiting student gets a seat */
    public Registrar(String term, BiConsumer<Student, Section> onPromotion) {
        this.term = term;
        this.onPromotion = onPromotion;
    }

    public void open(Section section) {
        sections.put(section.id(), section);
    }

    public Outcome register(Student student, String sectionId) {
        Section section = find(sectionId);
        Optional<String> objection = objection(student, section);
        if (objection.isPresent()) {
            return new Outcome.Refused(objection.get());
        }
        if (section.isFull()) {
            return new Outcome.Waitlisted(section, section.enqueue(student));
        }
        section.seat(student);
        return new Outcome.Enrolled(section);
    }

    /** Gives up a seat or a place on the waiting list and fills a free seat again. */
    public boolean drop(Student student, String sectionId) {
        Section section = find(sectionId);
        if (!section.remove(student)) {
            return false;
        }
        if (!section.isFull()) {
            section.pollWaiting(s -> objection(s, section).isEmpty()).ifPresent(next -> {
                section.seat(next);
                onPromotion.accept(next, section);
            });
        }
        return true;
    }

    public void grade(Student student, String sectionId, Grade grade) {
        Section section = find(sectionId);
        if (!section.isAttendedBy(student)) {
            throw new IllegalArgumentException(student.name() + " does not attend " + sectionId);
        }
        student.transcript().add(term, section.course(), grade);
    }

    public List<Section> timetable(Student student) {
        return sections.values().stream().filter(s -> s.isAttendedBy(student)).toList();
    }

    public Collection<Section> sections() {
        return sections.values();
    }

    private Section find(String sectionId) {
        return Optional.ofNullable(sections.get(sectionId))
                .orElseThrow(() -> new NoSuchElementException("no section " + sectionId + " in " + term));
    }

    private Optional<String> objection(Student student, Section section) {
        var missing = section.course().unmetBy(student.transcript());
        if (!missing.isEmpty()) {
            return Optional.of("needs " + missing);
        }
        int credits = section.course().credits();
        for (Section attended : timetable(student)) {
            if (attended.clashesWith(section)) {
                return Optional.of("clashes with " + attended.id());
            }
            credits += attended.course().credits();
        }
        return credits > student.creditLimit() ? Optional.of(credits + " credits are too many") : Optional.empty();
    }
}
