package registrar.model;

/** A student with everything that was graded so far. */
public record Student(String id, String name, int creditLimit, Transcript transcript) {
    public Student(String id, String name, int creditLimit) {
        this(id, name, creditLimit, new Transcript());
    }
}
