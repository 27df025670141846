// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static vireo.codec.Header.RESPONSE;
import static vireo.codec.text.Form.empty;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.codec.device.ConfigData;
import vireo.codec.device.DeviceStatus;
import vireo.codec.device.EventConfig;
import vireo.codec.device.FeatureBlocks;
import vireo.codec.device.GetConfigRequest;
import vireo.codec.device.GetDeviceFeaturesRequest;
import vireo.codec.device.GetDeviceInfoResponse;
import vireo.codec.device.GetShmRequest;
import vireo.codec.device.GetShmResponse;

/** The messages of {@code vireo.codec.device}. */
final class DeviceForms {

    private static final int UUID_BYTES = 16;

    private final WireProfile profile;
    private final boolean v1;

    DeviceForms(WireProfile profile) {
        this.profile = profile;
        v1 = profile == WireProfile.V1;
    }

    List<Form> all() {
        return List.of(
                empty(0, MessageIds.GET_DEVICE_INFO), info(),
                featuresRequest(), features(RESPONSE, MessageIds.GET_DEVICE_FEATURES),
                features(0, MessageIds.SET_DRIVER_FEATURES), empty(RESPONSE, MessageIds.SET_DRIVER_FEATURES),
                configRequest(), config(RESPONSE, MessageIds.GET_CONFIG),
                config(0, MessageIds.SET_CONFIG), config(RESPONSE, MessageIds.SET_CONFIG),
                empty(0, MessageIds.GET_DEVICE_STATUS), status(RESPONSE, MessageIds.GET_DEVICE_STATUS),
                status(0, MessageIds.SET_DEVICE_STATUS), status(RESPONSE, MessageIds.SET_DEVICE_STATUS),
                shmRequest(), shmResponse(), eventConfig());
    }

    private Form info() {
        String features = v1 ? "num_feature_blocks" : "num_feature_bits";
        return new Form(RESPONSE, MessageIds.GET_DEVICE_INFO, (base, out) -> {
            GetDeviceInfoResponse view = GetDeviceInfoResponse.of(profile).wrap(base, 0);
            out.word("device_id", Field.Kind.DEVICE_TYPE, view.deviceId())
                    .word("vendor_id", Field.Kind.HEX, view.vendorId());
            if (v1) {
                out.bytes("uuid", Field.Kind.BYTES, ByteBuffer.allocate(UUID_BYTES).putLong(view.uuidHigh())
                        .putLong(view.uuidLow()).array());
            }
            out.number(features, view.featureCount()).number("config_size", view.configSize())
                    .number("max_virtqueues", view.maxQueues()).number("admin_vq_start", view.adminQueueStart())
                    .number("admin_vq_count", view.adminQueues());
        }, (in, to) -> {
            GetDeviceInfoResponse view = GetDeviceInfoResponse.of(profile)
                    .create(to.base(), 0, to.deviceNumber(), to.token())
                    .deviceId(in.word("device_id")).vendorId(in.word("vendor_id"));
            if (v1) {
                ByteBuffer uuid = ByteBuffer.wrap(in.bytes("uuid", UUID_BYTES));
                view.uuid(uuid.getLong(), uuid.getLong());
            }
            view.featureCount(in.le32(features)).configSize(in.le32("config_size"))
                    .maxQueues(in.le32("max_virtqueues"));
            view.adminQueues(v1 ? in.le32("admin_vq_start") : in.le16("admin_vq_start"),
                    v1 ? in.le32("admin_vq_count") : in.le16("admin_vq_count"));
        });
    }

    private static Form featuresRequest() {
        return new Form(0, MessageIds.GET_DEVICE_FEATURES, (base, out) -> {
            GetDeviceFeaturesRequest view = new GetDeviceFeaturesRequest().wrap(base, 0);
            out.number("block_index", view.blockIndex()).number("num_blocks", view.numBlocks());
        }, (in, to) -> new GetDeviceFeaturesRequest().create(to.base(), 0, to.deviceNumber(), to.token())
                .blockIndex(in.le32("block_index")).numBlocks(in.le32("num_blocks")));
    }

    private static Form features(int type, int messageId) {
        return new Form(type, messageId, (base, out) -> {
            FeatureBlocks view = new FeatureBlocks().wrap(base, 0);
            ByteBuffer data = ByteBuffer.allocate(view.numBlocks() * Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < view.numBlocks(); i++) {
                data.putInt(view.block(i));
            }
            out.number("block_index", view.blockIndex()).number("num_blocks", view.numBlocks())
                    .bytes("feature_data", Field.Kind.FEATURES, data.array());
        }, (in, to) -> {
            long index = in.le32("block_index");
            int count = in.le31("num_blocks");
            ByteBuffer data = ByteBuffer.wrap(in.bytes("feature_data", (long) count * Integer.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            FeatureBlocks view = new FeatureBlocks();
            if (type == RESPONSE) {
                view.createResponse(to.base(), 0, to.deviceNumber(), to.token(), index, count);
            } else {
                view.createRequest(to.base(), 0, to.deviceNumber(), to.token(), index, count);
            }
            for (int i = 0; i < count; i++) {
                view.block(i, data.getInt());
            }
        });
    }

    private static Form configRequest() {
        return new Form(0, MessageIds.GET_CONFIG, (base, out) -> {
            GetConfigRequest view = new GetConfigRequest().wrap(base, 0);
            out.number("offset", view.configOffset()).number("length", view.length());
        }, (in, to) -> new GetConfigRequest().create(to.base(), 0, to.deviceNumber(), to.token())
                .configOffset(in.le32("offset")).length(in.le32("length")));
    }

    private static Form config(int type, int messageId) {
        return new Form(type, messageId, (base, out) -> {
            ConfigData view = new ConfigData().wrap(base, 0);
            byte[] data = new byte[view.dataLength()];
            view.getData(data, 0, data.length);
            out.word("generation", Field.Kind.NUMBER, view.generation()).number("offset", view.configOffset())
                    .number("length", view.length()).bytes("data", Field.Kind.BYTES, data);
        }, (in, to) -> {
            byte[] data = in.bytes("data");
            ConfigData view = new ConfigData();
            if (messageId == MessageIds.GET_CONFIG) {
                view.createGetResponse(to.base(), 0, to.deviceNumber(), to.token(), data.length);
            } else if (type == RESPONSE) {
                view.createSetResponse(to.base(), 0, to.deviceNumber(), to.token(), data.length);
            } else {
                view.createSetRequest(to.base(), 0, to.deviceNumber(), to.token(), data.length);
            }
            view.generation(in.word("generation")).configOffset(in.le32("offset")).length(in.le32("length"))
                    .putData(data, 0, data.length);
        });
    }

    private static Form status(int type, int messageId) {
        return new Form(type, messageId, (base, out) -> out.word("status", Field.Kind.STATUS,
                new DeviceStatus().wrap(base, 0).status()), (in, to) -> {
                    DeviceStatus view = new DeviceStatus();
                    int status = in.word("status");
                    if (messageId == MessageIds.GET_DEVICE_STATUS) {
                        view.createGetResponse(to.base(), 0, to.deviceNumber(), to.token(), status);
                    } else if (type == RESPONSE) {
                        view.createSetResponse(to.base(), 0, to.deviceNumber(), to.token(), status);
                    } else {
                        view.createSetRequest(to.base(), 0, to.deviceNumber(), to.token(), status);
                    }
                });
    }

    private Form shmRequest() {
        return new Form(0, MessageIds.GET_SHM, (base, out) -> out.number(shmName(),
                new GetShmRequest().wrap(base, 0).shmId()), (in, to) -> new GetShmRequest()
                        .create(to.base(), 0, to.deviceNumber(), to.token(), in.le32(shmName())));
    }

    private Form shmResponse() {
        return new Form(RESPONSE, MessageIds.GET_SHM, (base, out) -> {
            GetShmResponse view = GetShmResponse.of(profile).wrap(base, 0);
            out.number(shmName(), view.shmId());
            if (v1) {
                out.address("length", view.length()).address("address", view.address());
            } else {
                out.number("length", view.length()).add("address", Field.Kind.HEX, view.address());
            }
        }, (in, to) -> GetShmResponse.of(profile).create(to.base(), 0, to.deviceNumber(), to.token())
                .shmId(in.le32(shmName()))
                .length(v1 ? in.le64("length") : in.le32("length"))
                .address(v1 ? in.le64("address") : in.le32("address")));
    }

    private String shmName() {
        return v1 ? "shmid" : "index";
    }

    private static Form eventConfig() {
        return new Form(0, MessageIds.EVENT_CONFIG, (base, out) -> {
            EventConfig view = new EventConfig().wrap(base, 0);
            byte[] data = new byte[view.dataLength()];
            view.getData(data, 0, data.length);
            out.word("device_status", Field.Kind.STATUS, view.status())
                    .word("generation", Field.Kind.NUMBER, view.generation()).number("offset", view.configOffset())
                    .number("length", view.length()).bytes("data", Field.Kind.BYTES, data);
        }, (in, to) -> {
            byte[] data = in.bytes("data");
            new EventConfig().create(to.base(), 0, to.deviceNumber(), data.length)
                    .status(in.word("device_status")).generation(in.word("generation"))
                    .configOffset(in.le32("offset")).length(in.le32("length")).putData(data, 0, data.length);
        });
    }
}
