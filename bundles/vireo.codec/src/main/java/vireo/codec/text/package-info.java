// SPDX-License-Identifier: Apache-2.0
/**
 * Messages for people: one printed line, or a JSON object with the schema of the golden vectors, both ways.
 *
 * <p>Everything here allocates as it likes; nothing on the data path uses it.
 *
 * <p>A JSON object has these keys, in this order, each only where it means something:
 * <dl>
 * <dt>{@code name}, {@code note}</dt><dd>passed through from an input object</dd>
 * <dt>{@code hex}</dt><dd>the received bytes, padding included</dd>
 * <dt>{@code valid}</dt><dd>whether {@link vireo.codec.Validator} accepts them. Where the written format leaves that
 *     open, it is the choice documented at {@link vireo.codec.Reason}; only for an input object that itself says
 *     {@code "valid": null} with the same reason it stays null</dd>
 * <dt>{@code reason}, {@code also}</dt><dd>the rule broken or the question left open, and further ones</dd>
 * <dt>{@code direction}, {@code bus}, {@code msg_id}, {@code message}, {@code dev_num}, {@code token},
 *     {@code msg_size}</dt><dd>from the header; null where unknown</dd>
 * <dt>{@code max_size}</dt><dd>the bus maximum, if one was given</dd>
 * <dt>{@code fields}</dt><dd>payload fields in wire order, unless a rule is broken; 64-bit fields are strings,
 *     {@code "0x"} and 16 digits, byte arrays are plain hex, all else is a number</dd>
 * <dt>{@code canonical_hex}</dt><dd>what encoding the fields gives, if it is not {@code hex} and no question is
 *     open</dd>
 * </dl>
 */
@Export
@Version("1.0.0")
package vireo.codec.text;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
