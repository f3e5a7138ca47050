package library;

import static library.loans.Texts.money;
import static library.loans.Texts.quote;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import library.items.Book;
import library.items.Book.Author;
import library.items.Film;
import library.items.Item;
import library.loans.Ledger;
import library.loans.LoanException;
import library.loans.Texts;

public class Main {
    private static String fees(Ledger<? extends Item> ledger) {
        return ledger.map(loan -> loan.late() > 0, loan -> loan.member() + "=" + money(loan.fee())).toString();
    }

    private static <T> T or(Supplier<T> first, T second) {
        return Optional.ofNullable(first.get()).orElse(second);
    }

    public static void main(String[] args) throws LoanException {
        Book emma = new Book("Emma", new Author("Jane Austen", 1775));
        Book good = new Book("Good Omens", List.of(new Author("Pratchett", 1948), new Author("Gaiman")));
        Film film = new Film("Alien", Film.Rating.ADULT);
        List<Item> items = List.of(good, film, emma);

        Ledger<Item> ledger = new Ledger<>();
        int[] changes = {0};
        ledger.listen((member, count) -> changes[0] += count);
        ledger.listen(new Ledger.Listener() {
            @Override
            public void changed(String member, int count) {
                changes[0] += member.length();
            }
        });
        for (Item item : items) {
            Ledger<Item>.Loan loan = ledger.lend(item, item == film ? "bob" : "ada");
            System.out.println(Item.label(item) + " " + loan.late());
        }
        try {
            ledger.lend(emma, "cy");
        } catch (LoanException error) {
            System.out.println(error.member() + ": " + error.getMessage());
        }
        ledger.pass();
        ledger.pass(3);
        System.out.println(fees(ledger) + " " + ledger.tally() + " " + changes[0]);
        System.out.println(items.stream().sorted().map(Item::title).collect(Collectors.joining(", ")));
        System.out.println(items.stream().sorted(Item.BY_TITLE.reversed()).map(Item::days).toList());
        System.out.println(emma.elder(good) + " " + film.elder(emma) + " " + good.authors() + " " + film.authors());
        System.out.println(film.rating().allows(16) + " " + Film.Rating.TEEN.allows(16) + " " + Book.count());
        System.out.println(Texts.LINE + quote(or(() -> null, "title")) + money(3) + Author.UNKNOWN.name());
        Ledger<Film> films = Ledger.of(List.of(film), "dee");
        films.pass(Item.DAYS);
        for (Ledger<Film>.Loan loan : films) System.out.println(loan.member() + " " + money(loan.fee()));
    }
}
