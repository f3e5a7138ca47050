package io.hearth.time;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Runs tasks on a simulated clock that counts the minutes of one day. */
public final class Scheduler {
    private final PriorityQueue<Task> queue = new PriorityQueue<>(
            Comparator.<Task>comparingInt(task -> task.due).thenComparingInt(task -> task.sequence));
    private int now;
    private int nextSequence;

    /** A planned piece of work; it can be called off until it has run. */
    public final class Task {
        private final int sequence = nextSequence++;
        private final int interval;
        private final Runnable work;
        private int due;

        private Task(int due, int interval, Runnable work) {
            this.due = due;
            this.interval = interval;
            this.work = work;
            queue.add(this);
        }

        public boolean cancel() { return queue.remove(this); }

        private void run() {
            now = due;
            work.run();
            if (interval > 0) {
                due += interval;
                queue.add(this);
            }
        }
    }

    public Task at(int minute, Runnable work) { return new Task(minute, 0, work); }

    public Task every(int interval, Runnable work) {
        return new Task(now + interval, interval, work);
    }

    /** Advances the clock to the given minute, running whatever falls due on the way. */
    public void runUntil(int minute) {
        while (!queue.isEmpty() && queue.peek().due <= minute) {
            queue.poll().run();
        }
        now = minute;
    }

    public int now() { return now; }

    public static String format(int minute) {
        return String.format("%02d:%02d", minute / 60, minute % 60);
    }
}
