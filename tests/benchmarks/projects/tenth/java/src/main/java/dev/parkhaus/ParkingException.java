package dev.parkhaus;

/** A request at a gate that the garage has to turn down. */
public class ParkingException extends Exception {

    public ParkingException(String message) {
        super(message);
    }
}
