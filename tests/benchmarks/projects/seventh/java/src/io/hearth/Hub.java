package io.hearth;

import io.hearth.audit.AuditTrail;
import io.hearth.audit.AuditTrail.Level;
import io.hearth.device.Device;
import io.hearth.event.Event;
import io.hearth.event.EventBus;
import io.hearth.rule.Rule;
import io.hearth.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ties devices, rules, the clock and the audit trail together. */
public class Hub {
    final Scheduler scheduler = new Scheduler();
    final EventBus bus = new EventBus();
    final AuditTrail audit = new AuditTrail();
    final Map<String, Device> devices = new LinkedHashMap<>();

    public Hub() { bus.subscribe(Event.class, event -> log(Level.EVENT, event.toString())); }

    public void add(Device device) {
        devices.put(device.id(), device);
        device.listen((source, property, before, after) -> bus.publish(
                new Event.StateChanged(scheduler.now(), source.id(), property, before, after)));
    }

    public <E extends Event> void add(String name, Class<E> trigger, Rule<E> rule) {
        bus.subscribe(trigger, event -> {
            if (rule.consider(event)) {
                log(Level.RULE, name);
            }
        });
    }

    /** Sends a command to a device; failures end up in the audit trail. */
    public void send(String deviceId, String command, int argument) {
        try {
            devices.get(deviceId).execute(command, argument);
        } catch (Device.CommandException e) {
            log(Level.ERROR, e.getMessage());
        }
    }

    public void send(String deviceId, String command) { send(deviceId, command, 0); }

    public int totalWatts() { return devices.values().stream().mapToInt(Device::watts).sum(); }

    private void log(Level level, String message) {
        audit.record(scheduler.now(), level, message);
    }
}
