package org.rookery.board;

import java.util.Optional;

/** A square addressed by zero-based file and rank. */
public record Square(int file, int rank) {

    public static final int BOARD_SIZE = 6;

    /** An offset between two squares. */
    public record Step(int files, int ranks) { }

    int index() {
        return rank * BOARD_SIZE + file;
    }

    /** The square at an offset from this one, unless that leaves the board. */
    public Optional<Square> plus(Step step) {
        Square target = new Square(file + step.files(), rank + step.ranks());
        return Optional.of(target).filter(Square::onBoard);
    }

    private boolean onBoard() {
        return file >= 0 && file < BOARD_SIZE && rank >= 0 && rank < BOARD_SIZE;
    }

    public char fileLetter() {
        return (char) ('a' + file);
    }

    @Override
    public String toString() {
        return "" + fileLetter() + (rank + 1);
    }
}
