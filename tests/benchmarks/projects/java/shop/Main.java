package shop;

public class Main {
    static final int FACTOR = 2;

    private static void show(Drawing drawing) {
        for (Shape shape : drawing.sorted(Drawing.Order.LARGE_FIRST)) {
            System.out.println(shape.describe());
        }
        System.out.println(drawing.getTitle() + " " + drawing.total() + " " + drawing.count(Drawing::isLarge));
    }

    public static void main(String[] args) {
        Box box = Box.square(3);
        Circle circle = new Circle(1.5);
        Drawing drawing = new Drawing("first").add(box).add(circle).add(box.scaled(FACTOR));
        drawing.rename("second");
        show(drawing);
        System.out.println(circle.scaled(FACTOR).getRadius() + " " + Box.countMade());
    }
}
