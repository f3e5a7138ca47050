package library.items;

import java.util.List;
import java.util.Objects;

public class Book implements Item {
    private static int count;
    protected final String title;
    private final List<Author> authors;

    public Book(String title, Author... authors) {
        this(title, List.of(authors));
    }

    public Book(String title, List<Author> authors) {
        this.title = Objects.requireNonNull(title, "title");
        this.authors = authors;
        count++;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public double fee(int late) {
        return fee(late, 0.25);
    }

    protected final double fee(int late, double rate) {
        return Math.max(0, late) * rate;
    }

    public String authors() {
        StringBuilder names = new StringBuilder();
        for (Author author : authors) {
            if (names.length() > 0) names.append(" & ");
            names.append(author.name());
        }
        return names.toString();
    }

    public static int count() {
        return count;
    }

    public record Author(String name, int born) {
        public static final Author UNKNOWN = new Author("anonymous", 0);

        public Author {
            if (name.isBlank()) throw new IllegalArgumentException("name");
        }

        public Author(String name) {
            this(name, 0);
        }

        boolean older(Author other) {
            return born < other.born;
        }
    }

    public boolean elder(Book other) {
        return authors.get(0).older(other.authors.get(0));
    }
}
