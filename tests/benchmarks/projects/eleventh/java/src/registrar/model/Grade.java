package registrar.model;

/** Letter grades with their weight in the grade point average. */
public enum Grade {
    A(4.0), B(3.0), C(2.0), D(1.0), F(0.0);

    private final double points;

    Grade(double points) {
        this.points = points;
    }

    public double points() {
        return points;
    }

    public boolean atLeast(Grade minimum) {
        return points >= minimum.points;
    }
}
