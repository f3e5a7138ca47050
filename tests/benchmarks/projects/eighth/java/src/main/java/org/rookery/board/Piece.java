package org.rookery.board;

import java.util.List;
import java.util.stream.Stream;

import org.rookery.board.Square.Step;

/** A piece of one side; pieces carry no identity beyond kind and color. */
public record Piece(Kind kind, Color color) {

    private static final List<Step> ORTHOGONAL =
            List.of(new Step(0, 1), new Step(1, 0), new Step(0, -1), new Step(-1, 0));
    private static final List<Step> ALL = Stream.concat(ORTHOGONAL.stream(),
            Stream.of(new Step(1, 1), new Step(1, -1), new Step(-1, -1), new Step(-1, 1))).toList();
    private static final List<Step> LEAPS =
            List.of(new Step(1, 2), new Step(2, 1), new Step(2, -1), new Step(1, -2),
                    new Step(-1, -2), new Step(-2, -1), new Step(-2, 1), new Step(-1, 2));

    public enum Kind {
        PAWN('P', false, List.of()),
        KNIGHT('N', false, LEAPS),
        ROOK('R', true, ORTHOGONAL),
        QUEEN('Q', true, ALL),
        KING('K', false, ALL);

        public final char letter;
        final boolean slides;
        final List<Step> steps;

        Kind(char letter, boolean slides, List<Step> steps) {
            this.letter = letter;
            this.slides = slides;
            this.steps = steps;
        }
    }

    /** Reads a symbol: upper case is white, lower case is black. */
    static Piece ofSymbol(char symbol) {
        Color color = Character.isUpperCase(symbol) ? Color.WHITE : Color.BLACK;
        for (Kind kind : Kind.values()) {
            if (kind.letter == Character.toUpperCase(symbol)) {
                return new Piece(kind, color);
            }
        }
        throw new IllegalArgumentException("no such piece: " + symbol);
    }

    public char symbol() {
        return color == Color.WHITE ? kind.letter : Character.toLowerCase(kind.letter);
    }
}
