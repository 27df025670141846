// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import vireo.bus.BusInfo;
import vireo.bus.WireProfile;
import vireo.codec.device.ConfigData;
import vireo.codec.device.GetConfigRequest;
import vireo.driver.ConfigSnapshot;
import vireo.driver.RequestException;
import vireo.transport.core.Exchange;

/**
 * The configuration space of one device: reads that belong to one generation, writes that see the newest one
 * (transport.md section 7). Counts are compared for equality only.
 */
final class ConfigAccess {
    private static final int STRICT_CONFIG_GENERATION = 1;
    private static final int MOST_READS = 16;
    private static final int MOST_WRITES = 4;

    private final Target target;
    private final int configSize;
    private final boolean strict;
    private volatile int generation;
    private volatile boolean known;
    /** How many events brought a count: an answer that was on its way at the same time may be older than they. */
    private volatile int events;

    ConfigAccess(Target target, int configSize) {
        this.target = target;
        this.configSize = configSize;
        BusInfo bus = target.link().info();
        this.strict = bus.profile() != WireProfile.V1 || (bus.features() & STRICT_CONFIG_GENERATION) != 0;
    }

    /** The count last seen. */
    int generation() {
        return generation;
    }

    /**
     * An EVENT_CONFIG came; on the dispatcher.
     *
     * @return true if the configuration is another one than before
     */
    boolean event(int count, long length) {
        boolean changed = length > 0 || known && count != generation;
        events++;
        generation = count;
        known = true;
        return changed;
    }

    private void seen(int count, int eventsBefore) {
        if (events == eventsBefore) {
            generation = count;
            known = true;
        }
    }

    /** Reads a range, in as many messages as it takes, until all of them bear the same count. */
    ConfigSnapshot read(int offset, int length) throws RequestException {
        check(offset, length);
        byte[] data = new byte[length];
        for (int tries = 0; tries < MOST_READS; tries++) {
            Integer count = readOnce(offset, data);
            if (count != null) {
                return new ConfigSnapshot(count, offset, data);
            }
        }
        throw target.refused("the configuration changed during each of " + MOST_READS + " tries to read " + length
                + " bytes at " + offset + "; read less at once, or later");
    }

    private void check(int offset, int length) throws RequestException {
        if (offset < 0 || length < 0 || offset > configSize - length) {
            throw target.refused("offset=" + offset + " length=" + length + " is not in its configuration space of "
                    + configSize + " bytes");
        }
    }

    /** Gives the count, or null if it changed on the way. */
    private Integer readOnce(int offset, byte[] data) throws RequestException {
        Integer count = null;
        int at = 0;
        do {
            try (Exchange exchange = target.exchange()) {
                int before = events;
                int most = Math.min(data.length - at, ConfigData.capacity(target.maxMessageSize()));
                new GetConfigRequest().create(exchange.request(), 0, target.number(), 0)
                        .configOffset(offset + at).length(most);
                exchange.call(GetConfigRequest.SIZE);
                ConfigData answer = new ConfigData().wrap(exchange.answer(), 0);
                long got = answer.length();
                if (answer.configOffset() != offset + at || got > most || got == 0 && most > 0) {
                    throw exchange.misanswered("asked for " + most + " bytes at " + (offset + at) + ", the answer has "
                            + got + " at " + answer.configOffset());
                }
                seen(answer.generation(), before);
                if (count != null && count != answer.generation()) {
                    return null;
                }
                count = answer.generation();
                answer.getData(data, at, (int) got);
                at += (int) got;
            }
        } while (at < data.length);
        return count;
    }

    /** Writes a range in one message; a rejection because of the count alone is followed by another try. */
    ConfigSnapshot write(int offset, byte[] data) throws RequestException {
        check(offset, data.length);
        int capacity = ConfigData.capacity(target.maxMessageSize());
        if (data.length == 0 || data.length > capacity) {
            throw target.refused("a write of " + data.length + " bytes does not fit a message of this bus: write 1 to "
                    + capacity + " bytes at once");
        }
        if (strict && !known) {
            readOnce(offset, new byte[data.length]);
        }
        for (int tries = 0; tries < MOST_WRITES; tries++) {
            int before = events;
            int count = strict ? generation : 0;
            ConfigSnapshot written = writeOnce(offset, data, count, before);
            if (written != null) {
                return written;
            }
            if (events == before) {
                readOnce(offset, new byte[data.length]);
            }
            if (!strict || generation == count) {
                throw target.refused("it rejected a write of " + data.length + " bytes at " + offset
                        + " although the generation count " + count + " is the current one");
            }
        }
        throw target.refused("it rejected a write of " + data.length + " bytes at " + offset + " " + MOST_WRITES
                + " times, each time with a newer generation count");
    }

    /** Gives what is there now, or null if the write was rejected. */
    private ConfigSnapshot writeOnce(int offset, byte[] data, int count, int before) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            ConfigData request = new ConfigData()
                    .createSetRequest(exchange.request(), 0, target.number(), 0, data.length)
                    .generation(count).configOffset(offset).putData(data, 0, data.length);
            exchange.call(request.messageSize());
            ConfigData answer = new ConfigData().wrap(exchange.answer(), 0);
            long length = answer.length();
            if (length != 0 && (length != data.length || answer.configOffset() != offset)) {
                throw exchange.misanswered("wrote " + data.length + " bytes at " + offset + ", the answer has " + length
                        + " at " + answer.configOffset());
            }
            if (length == 0) {
                return null;
            }
            seen(answer.generation(), before);
            byte[] now = data.clone();
            if (answer.dataLength() == data.length) {
                answer.getData(now, 0, now.length);
            }
            return new ConfigSnapshot(answer.generation(), offset, now);
        }
    }
}
