package org.rookery.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** An immutable placement of the pieces. */
public final class Board {

    public static final String START = "rnqknr/pppppp/....../....../PPPPPP/RNQKNR";

    private final Piece[] grid;

    private Board(Piece[] grid) {
        this.grid = grid;
    }

    /** Reads rows of symbols from the last rank down to the first; dots are empty. */
    public static Board parse(String text) {
        Piece[] grid = new Piece[Square.BOARD_SIZE * Square.BOARD_SIZE];
        String[] rows = text.split("/");
        for (int i = 0; i < grid.length; i++) {
            String row = rows[rows.length - 1 - i / Square.BOARD_SIZE];
            char symbol = row.charAt(i % Square.BOARD_SIZE);
            grid[i] = symbol == '.' ? null : Piece.ofSymbol(symbol);
        }
        return new Board(grid);
    }

    /** The board after a piece has left one square and another stands on a second. */
    public Board moved(Square from, Square to, Piece arriving) {
        Piece[] next = grid.clone();
        next[from.index()] = null;
        next[to.index()] = arriving;
        return new Board(next);
    }

    public Optional<Piece> at(Square square) {
        return Optional.ofNullable(grid[square.index()]);
    }

    public void forEach(Color side, BiConsumer<Square, Piece> action) {
        for (int i = 0; i < grid.length; i++) {
            if (grid[i] != null && grid[i].color() == side) {
                action.accept(new Square(i % Square.BOARD_SIZE, i / Square.BOARD_SIZE), grid[i]);
            }
        }
    }

    /** Squares that a piece attacks, occupied or not. */
    public List<Square> reach(Square from, Piece piece) {
        List<Square> squares = new ArrayList<>();
        if (piece.kind() == Piece.Kind.PAWN) {
            from.plus(new Square.Step(-1, piece.color().forward())).ifPresent(squares::add);
            from.plus(new Square.Step(1, piece.color().forward())).ifPresent(squares::add);
        }
        for (Square.Step step : piece.kind().steps) {
            Optional<Square> next = from.plus(step);
            while (next.isPresent()) {
                Square square = next.get();
                squares.add(square);
                next = piece.kind().slides && at(square).isEmpty() ? square.plus(step) : Optional.empty();
            }
        }
        return squares;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int rank = Square.BOARD_SIZE - 1; rank >= 0; rank--) {
            out.append(rank + 1);
            for (int file = 0; file < Square.BOARD_SIZE; file++) {
                out.append(' ').append(at(new Square(file, rank)).map(Piece::symbol).orElse('.'));
            }
            out.append('\n');
        }
        return out.append("  a b c d e f").toString();
    }
}
