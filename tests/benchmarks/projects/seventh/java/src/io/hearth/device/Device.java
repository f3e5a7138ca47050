package io.hearth.device;

import java.util.Map;
import java.util.TreeMap;

/** A thing in the house that has properties and understands commands. */
public abstract class Device {
    /** Is told about every property that takes a new value. */
    public interface StateListener {
        void onChange(Device device, String property, String before, String after);
    }

    private final String id;
    private final Map<String, String> state = new TreeMap<>();
    private StateListener listener = (device, property, before, after) -> { };

    protected Device(String id) { this.id = id; }

    public abstract void execute(String command, int argument) throws CommandException;

    /** Power drawn in the present state. */
    public abstract int watts();

    public final String id() { return id; }

    public void listen(StateListener newListener) { this.listener = newListener; }

    protected void set(String property, Object value) {
        String after = String.valueOf(value);
        String before = state.put(property, after);
        if (!after.equals(before)) {
            listener.onChange(this, property, before, after);
        }
    }

    @Override
    public String toString() { return id + " " + state; }

    /** A device was asked for something that it cannot do. */
    public static class CommandException extends Exception {
        CommandException(Device device, String command) {
            super(device.id + " does not support '" + command + "'");
        }
    }
}
