package shop;

public class Circle implements Shape {
    private final double radius;

    public Circle(double radius) {
        this.radius = radius;
    }

    public double getRadius() {
        return radius;
    }

    @Override
    public double area() {
        return Math.round(Math.PI * radius * radius * UNIT);
    }

    public Circle scaled(double factor) {
        return new Circle(radius * factor);
    }
}
