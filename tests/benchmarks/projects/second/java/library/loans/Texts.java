package library.loans;

public final class Texts {
    private static final char MARK = '"';
    public static final String LINE = "-".repeat(8);

    private Texts() {}

    public static String quote(String text) {
        return MARK + text + MARK;
    }

    public static String money(double amount) {
        return String.format("%.2f", amount);
    }

    public static String money(int amount) {
        return Integer.toString(amount);
    }
}
