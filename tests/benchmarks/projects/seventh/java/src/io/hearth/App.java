package io.hearth;

import io.hearth.device.DeviceType;
import io.hearth.event.Event.MotionDetected;
import io.hearth.event.Event.StateChanged;
import io.hearth.event.Event.TemperatureRead;
import io.hearth.rule.Rule;
import io.hearth.time.Scheduler;
import java.util.Iterator;
import java.util.List;

/** Simulates an evening in a small house. */
public final class App {
    private static final int EVENING = 18 * 60;

    private final Hub hub = new Hub();
    private final Iterator<Integer> readings = List.of(18, 19, 20, 21, 20, 19).iterator();
    private Scheduler.Task hallOff;
    private int peakWatts;

    public static void main(String[] args) {
        App app = new App();
        app.install();
        app.simulate();
        app.report();
    }

    private void install() {
        hub.add(DeviceType.LIGHT.create("hall-light", 40));
        hub.add(DeviceType.LIGHT.create("sofa-lamp", 25));
        hub.add(DeviceType.THERMOSTAT.create("heater", 19));
        hub.add("light the hall on motion", MotionDetected.class, new Rule<MotionDetected>()
                .when(event -> event.strength() >= 30)
                .cooldown(10)
                .then(event -> lightHall(event.minute())));
        hub.add("regulate the heater", TemperatureRead.class, new Rule<TemperatureRead>()
                .then(event -> hub.send("heater", "measured", event.celsius())));
        hub.add("save heat when the lamp goes off", StateChanged.class, new Rule<StateChanged>()
                .when(event -> event.source().equals("sofa-lamp"))
                .when(event -> event.after().equals("0"))
                .then(event -> hub.send("heater", "target", 17)));
    }

    /** Keeps the light on until a quarter of an hour after the last motion. */
    private void lightHall(int minute) {
        hub.send("hall-light", "on");
        if (hallOff != null && hallOff.cancel()) {
            System.out.println("hall timer restarted at " + Scheduler.format(minute));
        }
        hallOff = hub.scheduler.at(minute + 15, () -> hub.send("hall-light", "off"));
    }

    private void simulate() {
        Scheduler scheduler = hub.scheduler;
        scheduler.runUntil(EVENING);
        var thermometer = scheduler.every(30, () -> hub.bus.publish(
                new TemperatureRead(scheduler.now(), "thermometer", readings.next())));
        var meter = hub.bus.subscribe(StateChanged.class,
                event -> peakWatts = Math.max(peakWatts, hub.totalWatts()));
        motionAt(EVENING + 5, 80);
        motionAt(EVENING + 9, 90);
        motionAt(EVENING + 17, 45);
        motionAt(EVENING + 100, 10);
        scheduler.at(EVENING + 20, () -> hub.send("sofa-lamp", "dim", 160));
        scheduler.at(EVENING + 25, () -> hub.send("heater", "target", 21));
        scheduler.at(EVENING + 60, () -> hub.send("sofa-lamp", "dim", 40));
        scheduler.at(EVENING + 71, () -> hub.send("heater", "on"));
        scheduler.at(EVENING + 120, () -> hub.send("hall-light", "blink"));
        scheduler.at(EVENING + 150, () -> hub.send("sofa-lamp", "off"));
        scheduler.runUntil(EVENING + 180);
        thermometer.cancel();
        hub.bus.unsubscribe(meter);
    }

    private void motionAt(int minute, int strength) {
        var motion = new MotionDetected(minute, "hall-sensor", strength);
        hub.scheduler.at(minute, () -> hub.bus.publish(motion));
    }

    private void report() {
        hub.audit.forEach(System.out::println);
        System.out.println("-- devices");
        hub.devices.forEach((id, device) -> System.out.printf("%s, %d W%n", device, device.watts()));
        System.out.println("-- totals");
        System.out.println("entries " + hub.audit.countByLevel());
        System.out.println("peak watts " + peakWatts + ", now " + hub.totalWatts());
    }
}
