// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import vireo.bus.BusInfo;
import vireo.bus.WireProfile;
import vireo.codec.device.ConfigData;
import vireo.codec.device.GetConfigRequest;
import vireo.device.ConfigWrite;
import vireo.device.FeatureSet;

/** GET_CONFIG and SET_CONFIG of a slot (transport.md sections 7, 14.4, 14.5; deltas.md section 5). */
final class ConfigAnswers {
    /** Transport feature bit of V1; RFC3 always checks (row D-27). */
    private static final int STRICT_CONFIG_GENERATION = 1;

    private final DeviceSlot slot;
    private final ConfigSpace space;
    private final boolean strict;
    private final int room;
    private final GetConfigRequest wanted = new GetConfigRequest();
    private final ConfigData data = new ConfigData();
    private final byte[] buffer;

    ConfigAnswers(DeviceSlot slot, BusInfo bus) {
        this.slot = slot;
        this.space = slot.config();
        this.strict = bus.profile() == WireProfile.RFC3 || (bus.features() & STRICT_CONFIG_GENERATION) != 0;
        this.room = ConfigData.capacity(Message.room(bus.maxMessageSize()));
        this.buffer = new byte[space.size()];
    }

    /** The bytes that exist and fit, be it none (section 17, items 10 and 11). */
    void get(Message message) {
        wanted.wrap(message.request(), 0);
        long offset = wanted.configOffset();
        long there = Math.max(0, Math.min(wanted.length(), space.size() - offset));
        int length = (int) Math.min(there, room);
        data.createGetResponse(message.response(), 0, message.deviceNumber(), message.token(), length);
        fill(message, offset, length);
    }

    /** All or nothing; the response has the bytes that are there now (section 17, items 12 to 14). */
    void set(Message message) {
        data.wrap(message.request(), 0);
        int seen = data.generation();
        long offset = data.configOffset();
        long length = data.length();
        boolean inRange = length > 0 && offset + length <= space.size();
        byte[] bytes = new byte[inRange ? (int) length : 0];
        data.getData(bytes, 0, bytes.length);
        boolean accepted = inRange && (!strict || seen == space.generation()) && write((int) offset, bytes);
        slot.counters().increment(accepted ? SlotCounters.CONFIG_WRITES : SlotCounters.CONFIG_REJECTED);
        int answered = accepted ? bytes.length : 0;
        data.createSetResponse(message.response(), 0, message.deviceNumber(), message.token(), answered);
        fill(message, offset, answered);
    }

    private void fill(Message message, long offset, int length) {
        long change;
        int generation;
        // One moment for all three: the driver hears of this change, and of no later one, before the response.
        synchronized (space) {
            change = space.changes();
            generation = space.read(length == 0 ? 0 : (int) offset, buffer, length);
        }
        data.generation(generation).configOffset(offset).putData(buffer, 0, length);
        message.answered(data.messageSize(), change);
    }

    private boolean write(int offset, byte[] bytes) {
        Write write = new Write(offset, bytes, space.bytes(), slot.registers().selected());
        try {
            if (!slot.life().device().device().writeConfig(write)) {
                return false;
            }
        } catch (RuntimeException | LinkageError failure) {
            slot.counters().increment(SlotCounters.DEVICE_FAILURES);
            slot.log(() -> "its device failed to judge a write to its configuration", failure);
            return false;
        }
        space.write(offset, bytes);
        if (!write.more.isEmpty()) {
            write.more.forEach(one -> space.follow(one.offset(), one.bytes()));
            slot.events().changed();
        }
        return true;
    }

    /** Further bytes that a write changes. */
    private record Range(int offset, byte[] bytes) {
    }

    /** The write as its device sees it. */
    private static final class Write implements ConfigWrite {
        private final int offset;
        private final byte[] data;
        private final byte[] config;
        private final FeatureSet features;
        private final List<Range> more = new ArrayList<>();

        Write(int offset, byte[] data, byte[] config, FeatureSet features) {
            this.offset = offset;
            this.data = data;
            this.config = config;
            this.features = features;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public byte[] data() {
            return data.clone();
        }

        @Override
        public byte[] config() {
            return config.clone();
        }

        @Override
        public FeatureSet features() {
            return features;
        }

        @Override
        public void also(int at, byte[] bytes) {
            Objects.checkFromIndexSize(at, bytes.length, config.length);
            more.add(new Range(at, bytes.clone()));
        }
    }
}
