package io.anymq;

/** Makes foreign text safe to print: control characters are escaped and long text is cut. */
@API(API.Status.STABLE)
public final class Escape {
    private static final int LONGEST = 200;

    private Escape() {}

    /** {@code text} with control and non-ASCII characters as {@code \\uXXXX}, at most 200 characters of it. */
    public static String forLog(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST) + 8);
        for (int i = 0; i < text.length(); i++) {
            if (i == LONGEST) {
                return out.append("… (")
                        .append(text.length())
                        .append(" characters)")
                        .toString();
            }
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
