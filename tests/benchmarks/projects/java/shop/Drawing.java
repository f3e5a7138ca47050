package shop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

public class Drawing {
    enum Order { SMALL_FIRST, LARGE_FIRST }

    private final List<Shape> shapes = new ArrayList<>();
    private String title;

    public Drawing(String title) {
        this.title = title;
    }

    public Drawing add(Shape shape) {
        shapes.add(shape);
        return this;
    }

    public double total() {
        double total = 0;
        for (Shape shape : shapes) {
            total += shape.area();
        }
        return total;
    }

    public List<Shape> sorted(Order order) {
        List<Shape> copy = new ArrayList<>(shapes);
        Comparator<Shape> byArea = Comparator.comparingDouble(Shape::area);
        copy.sort(order == Order.SMALL_FIRST ? byArea : byArea.reversed());
        return copy;
    }

    public int count(Predicate<Shape> wanted) {
        int count = 0;
        for (Shape shape : shapes) {
            if (wanted.test(shape)) {
                count++;
            }
        }
        return count;
    }

    public String getTitle() {
        return title;
    }

    public void rename(String title) {
        this.title = title;
    }

    static boolean isLarge(Shape shape) {
        return shape.area() > 10;
    }
}
