package io.hearth.device;

import java.util.function.BiFunction;

/** The kinds of devices that the hub knows, and how to make them. */
public enum DeviceType {
    LIGHT(Light::new), THERMOSTAT(Thermostat::new);

    private final BiFunction<String, Integer, Device> factory;

    DeviceType(BiFunction<String, Integer, Device> factory) { this.factory = factory; }

    public Device create(String id, int setting) { return factory.apply(id, setting); }

    private static final class Light extends Device {
        private final int maxWatts;
        private int level;

        Light(String id, int maxWatts) {
            super(id);
            this.maxWatts = maxWatts;
            set("level", level);
        }

        @Override
        public void execute(String command, int argument) throws CommandException {
            level = switch (command) {
                case "on" -> 100;
                case "off" -> 0;
                case "dim" -> Math.max(0, Math.min(100, argument));
                default -> throw new CommandException(this, command);
            };
            set("level", level);
        }

        @Override
        public int watts() { return maxWatts * level / 100; }
    }

    private static final class Thermostat extends Device {
        private static final int HEATER_WATTS = 900;
        private int target;
        private boolean heating;

        Thermostat(String id, int target) {
            super(id);
            this.target = target;
            set("target", target);
            set("heating", heating);
        }

        @Override
        public void execute(String command, int argument) throws CommandException {
            switch (command) {
                case "target" -> set("target", target = argument);
                case "measured" -> set("heating", heating = argument < target);
                default -> throw new CommandException(this, command);
            }
        }

        @Override
        public int watts() { return heating ? HEATER_WATTS : 2; }
    }
}
