package lending.model;

public final class Book extends Item {
    public static final int LOAN_DAYS = 21;
    private static final int CENTS_PER_PAGE = 6;

    private final String author;
    private final int pages;

    public Book(String title, String author, int pages, int copies) {
        super("B", title, copies);
        this.author = author;
        this.pages = pages;
    }

    public String getAuthor() { return author; }
    public int size() { return pages; }

    @Override
    public int loanDays() {
        // thick books may be kept a week longer
        return pages > 500 ? LOAN_DAYS + 7 : LOAN_DAYS;
    }

    @Override public int value() { return pages * CENTS_PER_PAGE; }
    @Override public String describe() { return super.describe() + " by " + author; }
}
