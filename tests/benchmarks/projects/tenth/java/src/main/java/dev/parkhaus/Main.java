package dev.parkhaus;

import dev.parkhaus.Garage.Gate;
import dev.parkhaus.model.Session;
import dev.parkhaus.model.Vehicle;
import dev.parkhaus.model.Vehicle.Kind;
import dev.parkhaus.pricing.HourlyTariff;
import dev.parkhaus.pricing.PricingStrategy;
import dev.parkhaus.report.DailyReport;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Map;
import java.util.Set;

/** Plays a weekday at the garage under the station, and a visit to the one with a flat price. */
public final class Main {

    /** Something at a gate that may be turned down. */
    private interface Attempt {
        void run() throws ParkingException;
    }

    public static void main(String[] args) throws ParkingException {
        var rates = Map.of(Kind.MOTORCYCLE, 100L, Kind.CAR, 250L, Kind.VAN, 400L);
        PricingStrategy pricing = new HourlyTariff(rates, LocalTime.of(21, 0), LocalTime.of(7, 0))
                .withDailyCap(1800)
                .withDiscount(Set.of("HH-AB 12"), 20)
                .withGrace(Duration.ofMinutes(15));
        weekday(new Garage(pricing)
                .addLevel(1, Kind.MOTORCYCLE, Kind.CAR, Kind.CAR)
                .addLevel(2, Kind.CAR, Kind.VAN));
        flatPrice(new Garage(PricingStrategy.flat(300)).addLevel(0, Kind.CAR));
    }

    private static void weekday(Garage garage) throws ParkingException {
        garage.addListener(Main::log);
        Gate north = garage.openGate("north");
        Gate south = garage.openGate("south");

        Session commuter = north.enter(Vehicle.car(" hh-ab 12 "), at(6, 30));
        Session bike = south.enter(new Vehicle("B-M 7", Kind.MOTORCYCLE), at(8, 5));
        Session van = north.enter(new Vehicle("K-VN 300", Kind.VAN), at(8, 40));
        Session shopper = south.enter(Vehicle.car("M-XY 99"), at(9, 0));
        attempt(() -> south.enter(Vehicle.car("hh-ab 12"), at(9, 10)));
        attempt(() -> north.enter(new Vehicle("S-VN 5", Kind.VAN), at(9, 20)));
        Session courier = north.enter(new Vehicle("B-M 8", Kind.MOTORCYCLE), at(9, 30));
        south.leave(courier.ticket, at(9, 42));
        south.leave(shopper.ticket, at(11, 20));
        attempt(() -> south.leave(shopper.ticket, at(11, 25)));
        north.leave(commuter.ticket, at(17, 45));
        north.leave(bike.ticket, at(22, 50));
        north.enter(Vehicle.car("F-NT 1"), at(23, 0));

        System.out.print(new DailyReport(garage, at(23, 59)).render());
        System.out.printf("%s stayed for %d full hours%n", van.vehicle, van.durationAt(at(23, 59)).toHours());
    }

    private static void flatPrice(Garage garage) throws ParkingException {
        Gate gate = garage.openGate("main");
        Session visit = gate.enter(Vehicle.car("L-SU 4"), at(10, 0));
        attempt(() -> gate.leave(visit.ticket, at(9, 0)));
        attempt(() -> gate.enter(Vehicle.car("  "), at(10, 5)));
        System.out.println("flat fee " + DailyReport.euros(gate.leave(visit.ticket, at(18, 0))));
    }

    private static void log(Gate gate, Session session) {
        String what = session.isOpen()
                ? "in, ticket " + session.ticket + ", slot " + session.slot
                : "out, " + DailyReport.euros(session.feeCents());
        System.out.printf("%s %s %s%n", gate, session.vehicle.plate(), what);
    }

    private static void attempt(Attempt attempt) {
        try {
            attempt.run();
        } catch (ParkingException e) {
            System.out.printf("  refused: %s%n", e.getMessage());
        } catch (IllegalArgumentException e) {
            System.out.println("  bad input: " + e.getMessage());
        }
    }

    private static LocalDateTime at(int hour, int minute) {
        return LocalDateTime.of(2024, 3, 15, hour, minute);
    }
}
