package museum.tour;

/** Thrown when a visitor cannot be added to a tour. */
public class BookingException extends Exception {
    public BookingException(String message) {
        super(message);
    }
}
