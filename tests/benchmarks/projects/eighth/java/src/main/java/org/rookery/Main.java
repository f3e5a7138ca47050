package org.rookery;

import java.util.EnumMap;
import java.util.Map;

import org.rookery.board.Board;
import org.rookery.board.Color;
import org.rookery.game.Game;
import org.rookery.game.Notation;
import org.rookery.game.Rules;

public final class Main {

    /** The game that the MANIAC computer won against a beginner in 1956. */
    private static final String MANIAC_GAME = "d3 b4 Nf3 d4 b3 e4 Ne1 a4 bxa4 Nxa4 Kd2 Nc3 Nxc3 bxc3+ Kd1 f4 "
            + "a3 Rb6 a4 Ra6 a5 Kd5 Qa3 Qb5 Qa2+ Ke5 Rb1 Rxa5 Rxb5 Rxa2 Rb1 Ra5 f3 Ra4 fxe4 c4 Nf3+ Kd6 "
            + "e5+ Kd5 exf6=Q Nc5 Qxd4+ Kc6 Ne5#";

    /** Prints moves in pairs and keeps the captured pieces of each side. */
    private static class Scoresheet implements Game.Listener {
        private final Map<Color, StringBuilder> captured = new EnumMap<>(Color.class);

        @Override
        public void moved(Game.Turn turn) {
            turn.captured().ifPresent(piece ->
                    captured.computeIfAbsent(turn.mover(), color -> new StringBuilder()).append(piece.symbol()));
            if (turn.mover() == Color.WHITE) {
                System.out.printf("%2d. %-8s", turn.number(), turn.text());
            } else {
                System.out.println(turn.text());
            }
        }

        @Override
        public void ended(Rules.Status status, Color lastMover) {
            System.out.printf("%n%s by %s%n", status, lastMover);
            captured.forEach((color, pieces) -> System.out.println(color + " took " + pieces));
        }
    }

    public static void main(String[] args) {
        Game game = new Game(Board.parse(Board.START), Color.WHITE);
        game.addListener(new Scoresheet());
        play(game, MANIAC_GAME);

        Game ending = new Game(Board.parse("k...../..P.../K...../....pp/...N../....N."), Color.WHITE);
        ending.addListener(turn -> System.out.println(turn.mover() + " plays " + turn.text()));
        play(ending, "Nxf3 Nd2xf3 Kb5 e2 c6=Q#");
        System.out.println(Rules.status(Board.parse("k...../..Q.../....../....../....../K....."), Color.BLACK));
    }

    private static void play(Game game, String moves) {
        for (String move : moves.split(" ")) {
            try {
                game.play(move);
            } catch (Notation.IllegalMoveException e) {
                System.out.println("rejected: " + e.getMessage());
            }
        }
        System.out.println(game.board());
    }
}
