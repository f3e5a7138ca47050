package registrar;

import registrar.model.*;
import registrar.model.Course.Prerequisite;
import registrar.service.Registrar;

import java.util.*;
import java.util.stream.Stream;

/** Plays a short registration period and prints what came of it. */
public final class Main {
    private static final Course PROG = Course.of("CS101", "Programming", 6);
    private static final Course MATH = Course.of("MA110", "Discrete Maths", 5);
    private static final Course ALGO = Course.of("CS201", "Algorithms", 6,
            new Prerequisite("CS101", Grade.C), new Prerequisite("MA110", Grade.D));
    private static final Course DATA = Course.of("CS220", "Databases", 5, new Prerequisite("CS101", Grade.D));
    private static final Course ART = Course.of("HU150", "History of Art", 4);

    private final Registrar registrar = new Registrar("2024S",
            (student, section) -> System.out.println("  * " + student.name() + " moves up into " + section.id()));

    public static void main(String[] args) {
        new Main().run();
    }

    private void run() {
        var ada = new Student("s1", "Ada", 16);
        var ben = new Student("s2", "Ben", 8);
        var cleo = new Student("s3", "Cleo", 16);
        ada.transcript().add("2023F", PROG, Grade.A).add("2023F", MATH, Grade.B);
        ben.transcript().add("2023F", PROG, Grade.D);
        cleo.transcript().add("2023S", PROG, Grade.F).add("2023F", PROG, Grade.B).add("2023F", MATH, Grade.C);

        open(ALGO, 1, 2, "MONDAY 09:00-10:30", "WEDNESDAY 09:00-10:30");
        open(DATA, 1, 3, "WEDNESDAY 10:00-11:30");
        open(DATA, 2, 1, "THURSDAY 14:00-16:00", "TUESDAY 14:00-15:00");
        open(ART, 1, 5, "FRIDAY 10:00-12:00");
        open(MATH, 1, 4, "MONDAY 13:00-15:00");

        System.out.println("Registration");
        request(ada, "CS201-01", "CS220-01", "CS220-02");
        request(cleo, "CS201-01", "CS220-02", "CS999-01");
        request(ben, "CS201-01", "CS220-02", "HU150-01", "MA110-01");

        System.out.println("Changes");
        withdraw(ada, "CS220-02");
        withdraw(ada, "HU150-01");
        withdraw(cleo, "CS201-01");
        System.out.println("Sections");
        registrar.sections().forEach(section -> System.out.println("  " + section));

        registrar.grade(ada, "CS201-01", Grade.A);
        registrar.grade(ben, "HU150-01", Grade.C);
        registrar.grade(cleo, "CS220-02", Grade.B);
        attempt(() -> registrar.grade(ben, "CS201-01", Grade.A));
        attempt(() -> TimeSlot.parse("MONDAY 12:00-11:00"));
        List.of(ada, ben, cleo).forEach(this::printStudent);
    }

    private void open(Course course, int number, int capacity, String... slots) {
        registrar.open(new Section(course, number, capacity, Stream.of(slots).map(TimeSlot::parse).toList()));
    }

    private void request(Student student, String... sectionIds) {
        for (String id : sectionIds) {
            attempt(() -> System.out.printf("  %-5s %s%n", student.name(), registrar.register(student, id).describe()));
        }
    }

    private void withdraw(Student student, String sectionId) {
        System.out.printf("  %-5s drops %s%n", student.name(), sectionId);
        if (!registrar.drop(student, sectionId)) {
            System.out.println("  ! was not registered");
        }
    }

    private void printStudent(Student student) {
        System.out.printf("Student %s %s%n", student.id(), student.name());
        var meetings = new TreeMap<TimeSlot, String>();
        for (Section section : registrar.timetable(student)) {
            section.slots().forEach(slot -> meetings.put(slot, section.id()));
        }
        meetings.forEach((slot, id) -> System.out.println("  " + slot + " " + id));
        for (var entry : student.transcript()) {
            System.out.printf("  %s %s %s%n", entry.term(), entry.course().title(), entry.grade());
        }
        System.out.printf(Locale.ROOT, "  credits %d, average %.2f%n",
                student.transcript().earnedCredits(), student.transcript().average());
    }

    private static void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            System.out.println("  ! " + e.getMessage());
        }
    }
}
