package org.rookery.game;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.rookery.board.Board;
import org.rookery.board.Color;
import org.rookery.board.Piece;

/** A match in progress: the current board, the side to move and who watches. */
public class Game {

    /** Receives the events of a game. */
    public interface Listener {
        void moved(Turn turn);

        default void ended(Rules.Status status, Color lastMover) { }
    }

    /** A move as it was played. */
    public record Turn(int number, Color mover, String text, Optional<Piece> captured) { }

    private final List<Listener> listeners = new ArrayList<>();
    private int moves;
    private Board board;
    private Color side;

    public Game(Board board, Color side) {
        this.board = board;
        this.side = side;
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    public Board board() {
        return board;
    }

    public void play(String text) throws Notation.IllegalMoveException {
        Move move = Notation.parse(board, side, text);
        Turn turn = new Turn(moves++ / 2 + 1, side, text, board.at(move.to()));
        board = move.play(board);
        side = side.opposite();
        listeners.forEach(listener -> listener.moved(turn));
        Rules.Status status = Rules.status(board, side);
        if (status == Rules.Status.CHECKMATE || status == Rules.Status.STALEMATE) {
            listeners.forEach(listener -> listener.ended(status, turn.mover()));
        }
    }
}
