package org.rookery.game;

import org.rookery.board.Board;
import org.rookery.board.Piece;
import org.rookery.board.Square;

/** A move that can be carried out on a board. */
sealed interface Move {

    Square from();
    Square to();

    /** The piece that stands on the target square afterwards. */
    default Piece arriving(Piece mover) {
        return mover;
    }

    default Board play(Board board) {
        return board.moved(from(), to(), arriving(board.at(from()).orElseThrow()));
    }

    record Simple(Square from, Square to) implements Move { }

    record Promotion(Square from, Square to, Piece.Kind kind) implements Move {
        @Override
        public Piece arriving(Piece mover) {
            return new Piece(kind, mover.color());
        }
    }
}
