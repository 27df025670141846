// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;

/** The messages of a profile, to be found by their header. */
final class Forms {

    private static final Map<WireProfile, Forms> ALL = new EnumMap<>(WireProfile.class);

    static {
        for (WireProfile profile : WireProfile.values()) {
            ALL.put(profile, new Forms(profile));
        }
    }

    private final Map<Integer, Form> byPlace = new HashMap<>();
    private final Map<String, Form> byName = new HashMap<>();

    private Forms(WireProfile profile) {
        List<Form> forms = new ArrayList<>(new DeviceForms(profile).all());
        forms.addAll(new QueueForms(profile).all());
        forms.addAll(new BusForms(profile).all());
        for (Form form : forms) {
            byPlace.put(place(form.type(), form.messageId()), form);
            byName.putIfAbsent(form.name(), form);
        }
    }

    static Forms of(WireProfile profile) {
        return ALL.get(profile);
    }

    private static int place(int type, int messageId) {
        return type << Byte.SIZE | messageId;
    }

    /** The message with a header like this, or null if none is defined. */
    Form find(int type, int messageId) {
        boolean specific = (type & Header.BUS) != 0 && messageId >= MessageIds.BUS_FIRST_SPECIFIC;
        return byPlace.get(place(type, specific ? MessageIds.BUS_FIRST_SPECIFIC : messageId));
    }

    /** One of the messages with a name, or null if there is none. */
    Form find(String name) {
        return byName.get(name);
    }
}
