package org.millbrook.desk.catalogue;

import java.util.List;

/** Something the library lends. */
public sealed interface Item permits Item.Book, Item.Film {
    String code();
    String title();

    /** How long a copy may be kept, before any allowance of the member. */
    int loanDays();

    default String describe() {
        return title();
    }

    record Book(String code, String title, List<String> authors) implements Item {
        @Override
        public int loanDays() {
            return 21;
        }

        @Override
        public String describe() {
            return title + " by " + String.join(" and ", authors);
        }
    }

    record Film(String code, String title) implements Item {
        @Override
        public int loanDays() {
            return 7;
        }
    }
}
