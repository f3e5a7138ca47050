package registrar.model;

import java.util.List;

/** A course in the catalogue, independent of the term in which it is taught. */
public record Course(String code, String title, int credits, List<Prerequisite> prerequisites) {
    /** A course that must have been completed with a minimum grade. */
    public record Prerequisite(String courseCode, Grade minimum) {
        boolean isMetBy(Transcript transcript) {
            return transcript.bestGrade(courseCode).filter(g -> g.atLeast(minimum)).isPresent();
        }

        @Override
        public String toString() {
            return courseCode + " (" + minimum + ")";
        }
    }

    public static Course of(String code, String title, int credits, Prerequisite... prerequisites) {
        return new Course(code, title, credits, List.of(prerequisites));
    }

    public List<Prerequisite> unmetBy(Transcript transcript) {
        return prerequisites.stream().filter(p -> !p.isMetBy(transcript)).toList();
    }
}
