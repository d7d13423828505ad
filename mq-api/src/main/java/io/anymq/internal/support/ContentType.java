package io.anymq.internal.support;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes apart what stands in a content type. */
final class ContentType {
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([^=;\\s]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;]*))");

    private ContentType() {}

    static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).trim();
    }

    static boolean isSameMediaType(String ours, String theirs) {
        return ours.equals(theirs) || mediaType(ours).equalsIgnoreCase(mediaType(theirs));
    }

    /** Whether the bytes of this media type are text that a {@code String} can hold: text of any kind, and JSON. */
    static boolean isText(String contentType) {
        String media = mediaType(contentType).toLowerCase(Locale.ROOT);
        return media.startsWith("text/") || media.equals("application/json") || media.endsWith("+json");
    }

    /** The name in the parameter {@code charset}; empty without one. */
    static String charsetName(String contentType) {
        int semicolon = contentType.indexOf(';');
        if (semicolon >= 0) {
            Matcher parameters = PARAMETER.matcher(contentType).region(semicolon, contentType.length());
            while (parameters.find()) {
                if (parameters.group(1).equalsIgnoreCase("charset")) {
                    String quoted = parameters.group(2);
                    return (quoted != null ? quoted.replace("\\", "") : parameters.group(3)).trim();
                }
            }
        }
        return "";
    }

    /** The charset named in {@code contentType}, UTF-8 without one; fails with DECODING if this JVM has no such charset. */
    static Charset charset(String contentType) {
        String name = charsetName(contentType);
        if (name.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(
                    ErrorCode.DECODING, "charset '" + Escape.forLog(name) + "' is not known to this JVM", false, e);
        }
    }
}
