// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static vireo.codec.Header.BUS;
import static vireo.codec.Header.RESPONSE;

import java.util.List;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.codec.bus.BusSpecific;
import vireo.codec.bus.EventDevice;
import vireo.codec.bus.GetDevicesRequest;
import vireo.codec.bus.GetDevicesResponse;
import vireo.codec.bus.Ping;

/** The messages of {@code vireo.codec.bus}. */
final class BusForms {

    private final WireProfile profile;

    BusForms(WireProfile profile) {
        this.profile = profile;
    }

    List<Form> all() {
        return List.of(devicesRequest(), devicesResponse(), ping(BUS), ping(BUS | RESPONSE), eventDevice(),
                specific(BUS), specific(BUS | RESPONSE));
    }

    private static Form devicesRequest() {
        return new Form(BUS, MessageIds.BUS_GET_DEVICES, (base, out) -> {
            GetDevicesRequest view = new GetDevicesRequest().wrap(base, 0);
            out.number("offset", view.first()).number("count", view.count());
        }, (in, to) -> new GetDevicesRequest().create(to.base(), 0, to.token(), in.le16("offset"), in.le16("count")));
    }

    private Form devicesResponse() {
        return new Form(BUS | RESPONSE, MessageIds.BUS_GET_DEVICES, (base, out) -> {
            GetDevicesResponse view = GetDevicesResponse.of(profile).wrap(base, 0);
            out.number("offset", view.first());
            if (profile == WireProfile.V1) {
                out.number("next_offset", view.next()).number("count", view.count());
            } else {
                out.number("count", view.count()).number("next_offset", view.next());
            }
            byte[] bitmap = new byte[bytes(view.count())];
            for (int n = 0; n < bitmap.length * Byte.SIZE; n++) {
                if (view.isAvailable(n)) {
                    bitmap[n / Byte.SIZE] |= (byte) (1 << n % Byte.SIZE);
                }
            }
            out.bytes("bitmap", Field.Kind.BYTES, bitmap);
        }, (in, to) -> {
            int count = in.le16("count");
            byte[] bitmap = in.bytes("bitmap", bytes(count));
            GetDevicesResponse view = GetDevicesResponse.of(profile)
                    .create(to.base(), 0, to.token(), in.le16("offset"), count).next(in.le16("next_offset"));
            for (int n = 0; n < bitmap.length * Byte.SIZE; n++) {
                if ((bitmap[n / Byte.SIZE] & 1 << n % Byte.SIZE) != 0) {
                    view.setAvailable(n);
                }
            }
        });
    }

    private static int bytes(int devices) {
        return (devices + Byte.SIZE - 1) / Byte.SIZE;
    }

    private static Form ping(int type) {
        return new Form(type, MessageIds.BUS_PING, (base, out) -> out.word("data", Field.Kind.HEX,
                new Ping().wrap(base, 0).data()), (in, to) -> {
                    if (to.response()) {
                        new Ping().createResponse(to.base(), 0, to.token(), in.word("data"));
                    } else {
                        new Ping().createRequest(to.base(), 0, to.token(), in.word("data"));
                    }
                });
    }

    private static Form eventDevice() {
        return new Form(BUS, MessageIds.BUS_EVENT_DEVICE, (base, out) -> {
            EventDevice view = new EventDevice().wrap(base, 0);
            out.number("device_number", view.device())
                    .add("device_bus_state", Field.Kind.BUS_STATE, view.state());
        }, (in, to) -> new EventDevice().create(to.base(), 0, in.le16("device_number"),
                in.le16("device_bus_state")));
    }

    private static Form specific(int type) {
        return new Form(type, MessageIds.BUS_FIRST_SPECIFIC, (base, out) -> {
            BusSpecific view = new BusSpecific().wrap(base, 0);
            byte[] data = new byte[view.dataLength()];
            view.getData(data, 0, data.length);
            out.bytes("data", Field.Kind.BYTES, data);
        }, (in, to) -> {
            byte[] data = in.bytes("data");
            new BusSpecific().create(to.base(), 0, to.response(), to.messageId(), to.token(), data.length)
                    .putData(data, 0, data.length);
        });
    }
}
