package org.rookery.board;

/** The two sides of a match. */
public enum Color {
    WHITE, BLACK;

    public Color opposite() {
        return this == WHITE ? BLACK : WHITE;
    }

    /** Rank offset of a pawn advance. */
    public int forward() {
        return this == WHITE ? 1 : -1;
    }

    public int promotionRank() {
        return this == WHITE ? Square.BOARD_SIZE - 1 : 0;
    }
}
