package shop;

public interface Shape {
    double UNIT = 1.0;

    double area();

    default String describe() {
        return getClass().getSimpleName().substring(0, 1) + ":" + area();
    }
}
