package org.rookery.game;

import org.rookery.board.Board;
import org.rookery.board.Color;
import org.rookery.board.Piece;

/** Standard algebraic notation. */
public final class Notation {

    private Notation() { }

    /** Finds the legal move that a text names. */
    static Move parse(Board board, Color side, String text) throws IllegalMoveException {
        return Rules.legalMoves(board, side).stream()
                .filter(move -> format(board, move).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalMoveException(text, side));
    }

    static String format(Board board, Move move) {
        Piece piece = board.at(move.from()).orElseThrow();
        StringBuilder text = new StringBuilder();
        boolean captures = board.at(move.to()).isPresent();
        if (piece.kind() != Piece.Kind.PAWN) {
            text.append(piece.kind().letter).append(isAmbiguous(board, move, piece) ? move.from() : "");
        } else if (captures) {
            text.append(move.from().fileLetter());
        }
        text.append(captures ? "x" : "").append(move.to());
        if (move instanceof Move.Promotion promotion) {
            text.append('=').append(promotion.kind().letter);
        }
        return text + switch (Rules.status(move.play(board), piece.color().opposite())) {
            case CHECK -> "+";
            case CHECKMATE -> "#";
            default -> "";
        };
    }

    /** Whether another piece of the same kind could go to the same target. */
    private static boolean isAmbiguous(Board board, Move move, Piece piece) {
        return Rules.legalMoves(board, piece.color()).stream()
                .filter(other -> other.to().equals(move.to()) && !other.from().equals(move.from()))
                .anyMatch(other -> board.at(other.from()).filter(piece::equals).isPresent());
    }

    /** Thrown for text that names no legal move. */
    public static class IllegalMoveException extends Exception {
        IllegalMoveException(String text, Color side) {
            super("'" + text + "' is not a move for " + side);
        }
    }
}
