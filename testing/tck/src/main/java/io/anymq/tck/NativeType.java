package io.anymq.tck;

/** What an application can ask for the vendor's own object behind it, with {@code unwrap}. */
public enum NativeType {
    /** {@link io.anymq.MessagingClient#unwrap}. */
    CLIENT,
    /** {@link io.anymq.Producer#unwrap}. */
    PRODUCER,
    /** {@link io.anymq.Consumer#unwrap}. */
    CONSUMER,
    /** {@link io.anymq.Delivery#unwrap}. */
    DELIVERY,
    /** {@link io.anymq.Receipt#unwrap}. */
    RECEIPT
}
