package yard.plan;

public final class Text {
    private Text() {}

    public static String pad(Object value, int width) {
        return pad(value, width, '.');
    }

    static String pad(Object value, int width, char fill) {
        StringBuilder text = new StringBuilder(String.valueOf(value));
        while (text.length() < width) {
            text.append(fill);
        }
        return text.toString();
    }

    public static String title(String name) {
        return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
