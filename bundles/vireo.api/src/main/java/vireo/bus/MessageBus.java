// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;
import vireo.memory.GuestMemory;

/**
 * A carrier of virtio-msg messages: one half of one bus instance, registered as a service by a bus plug-in.
 *
 * <p>A bus carries opaque messages both ways, offers the memory in which the addresses of its messages live, and signals
 * queues. It never parses a transport payload (rule VMSG-MSG-02). It may originate bus requests of its own, with tokens
 * 0x8000 to 0xFFFF, and consumes the responses to them; 0x0001 to 0x7FFF belong to the transport.
 *
 * <p>The bus is registered with the service properties {@link #NAME} and {@link #ROLE} and unregistered before it is torn
 * down. All methods are thread-safe unless they say otherwise.
 */
@ConsumerType
public interface MessageBus {

    /** Service property: name of the bus instance, a String. */
    String NAME = "bus.name";

    /** Service property: {@link #ROLE_DEVICE} or {@link #ROLE_DRIVER}, a String. */
    String ROLE = "role";

    /** Value of {@link #ROLE} for a bus with devices behind it. */
    String ROLE_DEVICE = "device";

    /** Value of {@link #ROLE} for a bus that finds devices. */
    String ROLE_DRIVER = "driver";

    /** First token that belongs to the bus itself. */
    int FIRST_BUS_TOKEN = 0x8000;

    /**
     * Returns what the bus is; the same object every time.
     *
     * @return the description
     */
    BusInfo info();

    /**
     * Returns the memory in which addresses of this bus's messages live. On a device-role bus it is the driver's memory;
     * on a driver-role bus it is the memory from which rings and buffers are allocated.
     *
     * @return the memory; the same object every time
     */
    GuestMemory memory();

    /**
     * Starts delivery to a listener. If a peer is there already, {@link BusListener#connected} follows.
     *
     * @param listener told of messages and of the peer, from a thread of the bus
     * @return the tie, whose closing stops delivery
     * @throws IllegalStateException if another listener is attached, or the bus is closed
     */
    BusAttachment attach(BusListener listener);

    /**
     * Sends one message if that can be done without waiting. Never blocks, never calls a listener before it returns, and
     * allocates nothing.
     *
     * @param base segment that holds the message; not used after the call
     * @param offset where the message starts
     * @param length its length in bytes, 8 to {@link BusInfo#maxMessageSize()}
     * @return what became of it
     */
    SendResult trySend(MemorySegment base, long offset, long length);

    /**
     * Opens the signal by which a driver notifies the device of a queue. Called at queue start, and only when
     * {@link BusInfo#kicks()} is OUT_OF_BAND.
     *
     * @param deviceNumber device number
     * @param queue queue index
     * @return the signal, which the caller closes when the queue stops
     */
    default QueueSignal kick(int deviceNumber, int queue) {
        throw new UnsupportedOperationException("kicks of this bus are not out of band: " + info());
    }

    /**
     * Opens the signal by which a device notifies the driver of a queue. Called at queue start, and only when
     * {@link BusInfo#calls()} is OUT_OF_BAND.
     *
     * @param deviceNumber device number
     * @param queue queue index
     * @return the signal, which the caller closes when the queue stops
     */
    default QueueSignal call(int deviceNumber, int queue) {
        throw new UnsupportedOperationException("calls of this bus are not out of band: " + info());
    }

    /**
     * Sends a request and waits for its response without holding a thread. Only for buses with
     * {@link BusInfo.TokenOwner#BUS}.
     *
     * @param base segment that holds the request, with token 0; not used after the call
     * @param offset where the request starts
     * @param length its length in bytes
     * @param deadlineNanos {@link System#nanoTime()} value after which the request has failed
     * @param callback told how it ended
     */
    default void request(MemorySegment base, long offset, long length, long deadlineNanos, RequestCallback callback) {
        throw new UnsupportedOperationException("this bus leaves tokens to the transport: " + info());
    }
}
