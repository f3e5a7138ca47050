package org.rookery.game;

import java.util.ArrayList;
import java.util.List;

import org.rookery.board.Board;
import org.rookery.board.Color;
import org.rookery.board.Piece;
import org.rookery.board.Piece.Kind;
import org.rookery.board.Square;

/** The rules of Los Alamos chess: no bishops, no castling, no double steps. */
public final class Rules {

    public enum Status { ONGOING, CHECK, CHECKMATE, STALEMATE }

    private static final List<Kind> PROMOTIONS = List.of(Kind.QUEEN, Kind.ROOK, Kind.KNIGHT);

    private Rules() { }

    static List<Move> legalMoves(Board board, Color side) {
        return candidates(board, side).stream()
                .filter(move -> !inCheck(move.play(board), side))
                .toList();
    }

    public static Status status(Board board, Color side) {
        boolean stuck = legalMoves(board, side).isEmpty();
        if (inCheck(board, side)) {
            return stuck ? Status.CHECKMATE : Status.CHECK;
        }
        return stuck ? Status.STALEMATE : Status.ONGOING;
    }

    private static boolean inCheck(Board board, Color side) {
        Piece king = new Piece(Kind.KING, side);
        return candidates(board, side.opposite()).stream()
                .anyMatch(move -> board.at(move.to()).filter(king::equals).isPresent());
    }

    private static List<Move> candidates(Board board, Color side) {
        List<Move> moves = new ArrayList<>();
        board.forEach(side, (from, piece) -> {
            boolean pawn = piece.kind() == Kind.PAWN;
            for (Square to : board.reach(from, piece)) {
                if (board.at(to).map(other -> other.color() != side).orElse(!pawn)) {
                    addMove(moves, from, to, piece);
                }
            }
            if (pawn) {
                from.plus(new Square.Step(0, side.forward()))
                        .filter(to -> board.at(to).isEmpty())
                        .ifPresent(to -> addMove(moves, from, to, piece));
            }
        });
        return moves;
    }

    private static void addMove(List<Move> moves, Square from, Square to, Piece piece) {
        if (piece.kind() == Kind.PAWN && to.rank() == piece.color().promotionRank()) {
            PROMOTIONS.forEach(kind -> moves.add(new Move.Promotion(from, to, kind)));
        } else {
            moves.add(new Move.Simple(from, to));
        }
    }
}
