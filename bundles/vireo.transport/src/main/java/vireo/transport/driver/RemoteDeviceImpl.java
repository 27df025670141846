// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.io.IOException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusException;
import vireo.codec.device.EventConfig;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.driver.ConfigSnapshot;
import vireo.driver.DeviceInfo;
import vireo.driver.DmaBuffer;
import vireo.driver.DriverQueue;
import vireo.driver.QueueInfo;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.transport.RemoteView;
import vireo.transport.core.Timers;
import vireo.transport.core.TransportCore;
import vireo.virtqueue.DriverRing;

/** One device found on a bus: its requests, its queues and its memory under one roof. */
final class RemoteDeviceImpl implements RemoteDevice {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDeviceImpl.class);
    /** A driver that leaves waits this long for the reset, not the whole deadline: it may be on its way out. */
    private static final long LAST_RESET_NANOS = 2_000_000_000L;

    private final Target target;
    private final DeviceInfo info;
    private final DmaMemory memory;
    private final DmaUser user;
    private final DeviceRequests requests;
    private final QueueRequests queueRequests;
    private final ConfigAccess config;
    private final DriverInit init;
    private final QueueTable queues = new QueueTable();
    private final Claims claims;
    private final Timers timers;
    private final long deadlineNanos;

    RemoteDeviceImpl(Target target, DeviceInfo info, DmaMemory memory, TransportCore core) {
        this.target = target;
        this.info = info;
        this.memory = memory;
        this.timers = core.timers();
        this.deadlineNanos = core.settings().deadlineNanos();
        this.user = new DmaUser(target.number());
        this.requests = new DeviceRequests(target);
        this.queueRequests = new QueueRequests(target);
        this.config = new ConfigAccess(target, info.configSize());
        this.init = new DriverInit(target, requests, deadlineNanos);
        this.claims = new Claims(target.toString());
    }

    @Override
    public String busName() {
        return target.link().info().name();
    }

    @Override
    public int number() {
        return target.number();
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public Claim claim(String driver, RemoteDeviceListener listener) {
        return claims.claim(driver, listener, this::released);
    }

    /** The claim ends: no queue stays, and memory goes back as far as the device is known to be quiet. */
    private void released() {
        // Whoever is stopped by an interrupt still has to leave a device behind that touches no memory.
        boolean interrupted = Thread.interrupted();
        try {
            release();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void release() {
        queues.endAll("the driver let go of " + target);
        if (!target.isLost() && init.touched()) {
            try {
                reset(Math.min(deadlineNanos, LAST_RESET_NANOS));
            } catch (RequestException trouble) {
                LOG.warn("{} was not reset when its driver left; memory it may still write is unused until it is: {}",
                        target, trouble.getMessage());
            }
        }
        queues.free();
    }

    private void reset(long timeoutNanos) throws RequestException {
        queues.endAll(target + " was reset");
        try {
            init.reset(timeoutNanos);
        } catch (RequestException trouble) {
            user.hung();
            throw trouble;
        }
        user.reset();
        queues.free();
        memory.release(target.number());
    }

    @Override
    public FeatureSet features() throws RequestException {
        return init.features(info.featureBlocks());
    }

    @Override
    public FeatureSet negotiate(FeatureSet wanted) throws RequestException {
        reset(deadlineNanos);
        return init.agree(wanted, info.featureBlocks());
    }

    @Override
    public ConfigSnapshot readConfig(int offset, int length) throws RequestException {
        return config.read(offset, length);
    }

    @Override
    public ConfigSnapshot writeConfig(int offset, byte[] data) throws RequestException {
        return config.write(offset, data);
    }

    @Override
    public int status() throws RequestException {
        return init.ask();
    }

    @Override
    public int setStatus(int status) throws RequestException {
        if (status == 0) {
            reset(deadlineNanos);
            return 0;
        }
        return init.set(status);
    }

    @Override
    public QueueInfo queueInfo(int index) throws RequestException {
        return queueRequests.get(index);
    }

    @Override
    public DriverQueue openQueue(int index, int size, DriverQueue.Waker waker) throws RequestException {
        if (Integer.bitCount(size) != 1 || size < 1 || size > DeviceModel.MAX_QUEUE_SIZE) {
            throw new IllegalArgumentException("queue size=" + size + " is no power of two in 1.."
                    + DeviceModel.MAX_QUEUE_SIZE);
        }
        if (index < 0 || index >= DeviceModel.MAX_QUEUES || index >= info.maxQueues()) {
            throw target.refused("there is no queue " + index + ": it has " + info.maxQueues() + ", of which the first "
                    + DeviceModel.MAX_QUEUES + " can be used");
        }
        if ((init.status() & FEATURES_OK) == 0) {
            throw target.refused("no queue can be set up before features are agreed on: negotiate first");
        }
        if (!queues.reserve(index)) {
            throw target.refused("queue " + index + " is open already, or could not be set up before: reset "
                    + "the device");
        }
        RemoteQueue queue = null;
        try {
            queue = make(index, size, waker);
        } finally {
            if (queue == null) {
                queues.unreserve(index);
            }
        }
        return put(index, queue);
    }

    /** Everything before the device hears of the queue. */
    private RemoteQueue make(int index, int size, DriverQueue.Waker waker) throws RequestException {
        QueueInfo now = queueRequests.get(index);
        if (now.maxSize() == 0) {
            throw target.refused("there is no queue " + index + ": it says that its size is 0 at most");
        }
        if (now.descriptors() != 0) {
            throw target.refused("queue " + index + " is set up already, at 0x" + Long.toHexString(now.descriptors())
                    + "; reset the device");
        }
        FeatureSet features = init.selected();
        int use = Math.min(size, Integer.highestOneBit(now.maxSize()));
        DmaPiece ring = piece(DriverRing.bytes(use, features), DriverRing.ALIGNMENT);
        RemoteQueue made = null;
        try {
            made = new RemoteQueue(target.link(), target.number(), index, use, features, ring, waker);
            made.listen();
            return made;
        } catch (IOException trouble) {
            made.end("its notifications cannot be waited for");
            made = null;
            throw target.refused("queue " + index + " is notified by a descriptor that cannot be waited for: "
                    + trouble.getMessage());
        } finally {
            if (made == null) {
                ring.close();
            }
        }
    }

    private DriverQueue put(int index, RemoteQueue queue) throws RequestException {
        boolean taken = false;
        try {
            user.exposed();
            queueRequests.set(queue.ring().spec());
            queueRequests.confirm(queue.ring().spec());
            queues.put(index, queue);
            taken = true;
        } finally {
            if (!taken) {
                queues.remains(queue, "queue " + index + " of " + target + " could not be set up");
            }
        }
        if (target.isLost()) {
            queues.end(index, target + " is gone");
        } else if ((init.status() & DRIVER_OK) != 0) {
            queue.live();
        }
        UsedPoller.start(queue, target.link(), timers);
        return queue.ring();
    }

    @Override
    public void resetQueue(int index) throws RequestException {
        if (!init.selected().has(FeatureSet.RING_RESET)) {
            throw target.refused("queue " + index + " cannot be reset alone: RING_RESET was not agreed on");
        }
        queues.end(index, "queue " + index + " of " + target + " was reset");
        queueRequests.reset(index);
        queues.free(index);
    }

    @Override
    public void ready() throws RequestException {
        init.live();
        queues.live();
    }

    @Override
    public long[] sharedMemory(int id) throws RequestException {
        return requests.sharedMemory(id);
    }

    @Override
    public DmaBuffer allocate(long size, long alignment) throws RequestException {
        if (size < 1 || alignment < 1 || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("size=" + size + " alignment=" + alignment
                    + ": a buffer has at least 1 byte and a power of two as alignment");
        }
        return piece(size, alignment);
    }

    private DmaPiece piece(long size, long alignment) throws RequestException {
        DmaPiece made = memory.allocate(user, size, alignment);
        if (made == null) {
            throw target.refused("the driver memory of bus " + busName() + " has no " + size + " bytes left, "
                    + memory.taken() + " are taken; give the bus more memory");
        }
        return made;
    }

    /** EVENT_CONFIG; on the dispatcher. */
    void event(EventConfig event) {
        boolean changed = config.event(event.generation(), event.length());
        int raised = init.event(event.status() & 0xff);
        if (changed) {
            claims.configChanged(event.generation());
        }
        if ((raised & NEEDS_RESET) != 0) {
            claims.needsReset();
        }
    }

    /** EVENT_USED, or the bus's own signal; on the dispatcher. False if there is no such queue. */
    boolean used(long index) {
        RemoteQueue queue = queues.at(index);
        if (queue != null) {
            queue.used();
        }
        return queue != null;
    }

    boolean flush() {
        return queues.flush();
    }

    /** The device or its bus is gone; on the dispatcher. From now on every request fails with the cause. */
    void lost(BusException cause, boolean quiet) {
        target.lost(cause);
        user.dead();
        if (quiet) {
            user.cleared();
        }
        queues.endAll(target + " is gone: " + cause.getMessage());
        target.link().failRequests(target.number(), cause);
    }

    /** Tells the driver, and goes on when it knows; what nobody drives needs no memory any more. */
    void tellLost(BusException cause, Runnable then) {
        if (claims.driver() == null) {
            queues.free();
        }
        claims.lost(new RequestException(Kind.TRANSMISSION, target + " is gone: " + cause.getMessage(), cause), then);
    }

    void close() {
        claims.close();
    }

    boolean isLost() {
        return target.isLost();
    }

    /** Whether the device was brought to some state here that it would have lost if it had been replaced. */
    boolean wasTouched() {
        return init.touched();
    }

    RemoteView view() {
        return new RemoteView(busName(), number(), info, init.offered(), init.selected(), init.status(),
                config.generation(), claims.driver(), queues.views());
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
