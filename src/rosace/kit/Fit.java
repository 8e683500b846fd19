package rosace;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a record's value is a JSON object of the declared columns: the one judge of all engines that run on a JVM.
 *
 * <p>What fits is what each of them reads alike; observe/verify/fits.py says it in prose. The proof judges by code of its own
 * (observe/verify/fits.py), and a test holds one against the other. Written for Janino: no lambdas, no generic calls.
 */
public final class Fit {
    private static final int DEEPEST = 100;
    private static final int LONGEST_NUMBER = 500;
    private static final int LONGEST_NAME = 1000;
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");
    private static final Pattern SMALL_EXPONENT = Pattern.compile("[^eE]*([eE][+-]?[0-9]{1,3})?");
    private static final Pattern UUID =
        Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern DAY = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})");
    private static final Pattern CLOCK =
        Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.([0-9]{1,9}))?)?");
    private static final Pattern MOMENT =
        Pattern.compile("([^T]*)T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.([0-9]{1,9}))?)(Z?)");
    private static final DateTimeFormatter MILLIS =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Map SHAPES = new ConcurrentHashMap();

    private final String text;
    private int at = 0;

    private Fit(String text) {
        this.text = text;
    }

    /** A number as it is written. */
    private static final class Digits {
        final String text;

        Digits(String text) {
            this.text = text;
        }
    }

    /** Why a value does not fit; the text is for people. */
    private static final class Unfit extends Exception {
        Unfit(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Why `value` does not fit a shape; null where it does. The shape is JSON: a list of columns, each a list of its
     * name, kind, whether it is never null, precision, scale, and the list of what is in it.
     */
    public static String why(byte[] value, String shape) {
        try {
            Map found = object(value);
            Iterator columns = shape(shape).iterator();
            while (columns.hasNext()) {
                List column = (List) columns.next();
                try {
                    one(found.get(column.get(0)), column);
                } catch (Unfit error) {
                    return "column `" + column.get(0) + "`: " + error.getMessage();
                }
            }
            return null;
        } catch (Unfit error) {
            return "not JSON: " + error.getMessage();
        }
    }

    /** What is set aside of a record: its place, time, key, value and why, as JSON. */
    public static String aside(
            String topic, int partition, long offset, long millis, byte[] key, byte[] value, String why, String by) {
        StringBuilder out = new StringBuilder("{\"topic\":");
        quote(topic, out);
        out.append(",\"partition\":").append(partition).append(",\"offset\":").append(offset).append(",\"time\":");
        quote(MILLIS.format(Instant.ofEpochMilli(millis)), out);
        out.append(member("key", key)).append(member("value", value));
        out.append(",\"reason\":");
        quote(why, out);
        out.append(",\"by\":");
        quote(by, out);
        return out.append('}').toString();
    }

    /** A member of JSON, with a comma before it: the text that bytes are, or `NAME_base64` where they are none. */
    public static String member(String name, byte[] bytes) {
        StringBuilder out = new StringBuilder();
        String read = bytes == null ? null : utf8(bytes);
        boolean binary = bytes != null && read == null;
        out.append(",\"").append(name).append(binary ? "_base64\":" : "\":");
        if (bytes == null) {
            out.append("null");
        } else {
            quote(binary ? Base64.getEncoder().encodeToString(bytes) : read, out);
        }
        return out.toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int place = 0; place < text.length(); place++) {
            char sign = text.charAt(place);
            if (sign == '"' || sign == '\\') {
                out.append('\\').append(sign);
            } else if (sign < ' ') {
                out.append(String.format("\\u%04x", new Object[] {Integer.valueOf(sign)}));
            } else {
                out.append(sign);
            }
        }
        out.append('"');
    }

    private static List shape(String text) throws Unfit {
        List known = (List) SHAPES.get(text);
        if (known == null) {
            known = (List) new Fit(text).whole();
            SHAPES.put(text, known);
        }
        return known;
    }

    private static void one(Object value, List column) throws Unfit {
        if (value == null) {
            if (Boolean.TRUE.equals(column.get(2))) {
                throw new Unfit("no value, but it is never null");
            }
            return;
        }
        String kind = (String) column.get(1);
        if (!fits(value, kind, number(column.get(3)), number(column.get(4)), (List) column.get(5))) {
            throw new Unfit(shown(value) + " does not fit " + kind);
        }
    }

    private static String shown(Object value) {
        String text = value instanceof Digits ? ((Digits) value).text : String.valueOf(value);
        if (value instanceof Map || value instanceof List) {
            return "what is there";
        }
        text = value instanceof String ? "the text `" + text : "`" + text;
        return (text.length() > 80 ? text.substring(0, 80) : text) + "`";
    }

    private static int number(Object value) {
        return Integer.parseInt(((Digits) value).text);
    }

    private static boolean fits(Object value, String kind, int precision, int scale, List inner) throws Unfit {
        if (kind.equals("array")) {
            return value instanceof List && all(((List) value).iterator(), (List) inner.get(0));
        }
        if (kind.equals("map")) {
            return value instanceof Map && all(((Map) value).values().iterator(), (List) inner.get(inner.size() - 1));
        }
        if (kind.equals("row")) {
            return value instanceof Map && fields((Map) value, inner);
        }
        if (kind.equals("boolean")) {
            return value instanceof Boolean;
        }
        if (value instanceof Digits) {
            return numeric(((Digits) value).text, kind, precision, scale);
        }
        return value instanceof String && textual((String) value, kind, precision);
    }

    private static boolean all(Iterator values, List column) throws Unfit {
        while (values.hasNext()) {
            one(values.next(), column);
        }
        return true;
    }

    private static boolean fields(Map value, List columns) throws Unfit {
        Iterator every = columns.iterator();
        while (every.hasNext()) {
            List column = (List) every.next();
            one(value.get(column.get(0)), column);
        }
        return true;
    }

    private static boolean numeric(String text, String kind, int precision, int scale) {
        if (!SMALL_EXPONENT.matcher(text).matches()) {
            return false;
        }
        if (kind.equals("float")) {
            float near = Float.parseFloat(text);
            return !Float.isInfinite(near) && (near != 0 || new BigDecimal(text).signum() == 0);
        }
        if (kind.equals("double")) {
            double near = Double.parseDouble(text);
            return !Double.isInfinite(near) && (near != 0 || new BigDecimal(text).signum() == 0);
        }
        if (kind.equals("decimal")) {
            BigDecimal bare = new BigDecimal(text).stripTrailingZeros();
            return bare.signum() == 0
                || bare.scale() <= scale && (long) bare.precision() - bare.scale() <= precision - scale;
        }
        int bits = kind.equals("smallint") ? 15 : kind.equals("int") ? 31 : kind.equals("bigint") ? 63 : -1;
        return bits > 0 && WHOLE.matcher(text).matches() && whole(text, bits);
    }

    private static boolean whole(String text, int bits) {
        java.math.BigInteger value = new java.math.BigInteger(text);
        return value.bitLength() <= bits;
    }

    private static boolean textual(String text, String kind, int precision) {
        if (kind.equals("string")) {
            return true;
        }
        if (kind.equals("float") || kind.equals("double")) {
            return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
        }
        if (kind.equals("binary")) {
            try {
                return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(text)).equals(text);
            } catch (IllegalArgumentException error) {
                return false;
            }
        }
        if (kind.equals("uuid")) {
            return UUID.matcher(text).matches();
        }
        if (kind.equals("date")) {
            return day(text);
        }
        if (kind.equals("time")) {
            Matcher clock = CLOCK.matcher(text);
            return clock.matches() && fine(clock.group(4), precision);
        }
        if (kind.equals("timestamp") || kind.equals("timestamptz")) {
            Matcher moment = MOMENT.matcher(text);
            return moment.matches()
                && day(moment.group(1))
                && fine(moment.group(5), precision)
                && moment.group(6).isEmpty() == kind.equals("timestamp");
        }
        return false;
    }

    private static boolean day(String text) {
        Matcher day = DAY.matcher(text);
        if (!day.matches() || day.group(1).equals("0000")) {
            return false;
        }
        try {
            LocalDate.of(Integer.parseInt(day.group(1)), Integer.parseInt(day.group(2)), Integer.parseInt(day.group(3)));
            return true;
        } catch (java.time.DateTimeException error) {
            return false;
        }
    }

    /** Whether the digits behind a second are no more than declared; zeros at the end say nothing. */
    private static boolean fine(String digits, int precision) {
        int count = digits == null ? 0 : digits.length();
        while (count > 0 && digits.charAt(count - 1) == '0') {
            count--;
        }
        return count <= precision;
    }

    private static String utf8(byte[] value) {
        try {
            return StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(value))
                .toString();
        } catch (CharacterCodingException error) {
            return null;
        }
    }

    private static Map object(byte[] value) throws Unfit {
        String text = utf8(value);
        if (text == null) {
            throw new Unfit("no UTF-8");
        }
        Object found = new Fit(text).whole();
        if (!(found instanceof Map)) {
            throw new Unfit("an object was expected");
        }
        return (Map) found;
    }

    private Object whole() throws Unfit {
        Object found = value(0);
        if (next() != 0) {
            throw wrong();
        }
        return found;
    }

    private Unfit wrong() {
        return new Unfit(at >= text.length() ? "it ends too early" : "character " + (at + 1) + " is not expected there");
    }

    /** The next sign that is no white space, which stays; 0 at the end. */
    private char next() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        // A zero byte in the text is nothing that any caller takes.
        return at < text.length() ? (text.charAt(at) == 0 ? '\1' : text.charAt(at)) : (char) 0;
    }

    private Object value(int depth) throws Unfit {
        if (depth > DEEPEST) {
            throw new Unfit("it is nested deeper than " + DEEPEST);
        }
        char sign = next();
        if (sign == '{') {
            return members(depth);
        }
        if (sign == '[') {
            return elements(depth);
        }
        if (sign == '"') {
            return string();
        }
        if (sign == '-' || sign >= '0' && sign <= '9') {
            return digits();
        }
        if (took("true")) {
            return Boolean.TRUE;
        }
        if (took("false")) {
            return Boolean.FALSE;
        }
        if (took("null")) {
            return null;
        }
        throw wrong();
    }

    private boolean took(String word) {
        boolean there = text.startsWith(word, at);
        at += there ? word.length() : 0;
        return there;
    }

    private void expect(char sign) throws Unfit {
        if (next() != sign) {
            throw wrong();
        }
        at++;
    }

    private Map members(int depth) throws Unfit {
        Map found = new HashMap();
        expect('{');
        if (next() == '}') {
            at++;
            return found;
        }
        while (true) {
            if (next() != '"') {
                throw wrong();
            }
            String name = string();
            if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
                throw new Unfit("a name has more than " + LONGEST_NAME + " characters");
            }
            expect(':');
            if (found.containsKey(name)) {
                throw new Unfit("a name is there twice");
            }
            found.put(name, value(depth + 1));
            if (next() == '}') {
                at++;
                return found;
            }
            expect(',');
        }
    }

    private List elements(int depth) throws Unfit {
        List found = new ArrayList();
        expect('[');
        if (next() == ']') {
            at++;
            return found;
        }
        while (true) {
            found.add(value(depth + 1));
            if (next() == ']') {
                at++;
                return found;
            }
            expect(',');
        }
    }

    private Digits digits() throws Unfit {
        int begun = at;
        at += text.charAt(at) == '-' ? 1 : 0;
        int first = at;
        int count = run();
        if (count == 0 || count > 1 && text.charAt(first) == '0') {
            throw wrong();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (run() == 0) {
                throw wrong();
            }
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (run() == 0) {
                throw wrong();
            }
        }
        if (at - begun > LONGEST_NUMBER) {
            throw new Unfit("a number has more than " + LONGEST_NUMBER + " digits");
        }
        return new Digits(text.substring(begun, at));
    }

    private int run() {
        int begun = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - begun;
    }

    private String string() throws Unfit {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char sign = text.charAt(at++);
            if (sign == '"') {
                return paired(out.toString());
            }
            if (sign < ' ') {
                at--;
                throw wrong();
            }
            out.append(sign == '\\' ? escaped() : sign);
        }
        throw wrong();
    }

    private char escaped() throws Unfit {
        if (at >= text.length()) {
            throw wrong();
        }
        char sign = text.charAt(at++);
        int plain = "\"\\/bfnrt".indexOf(sign);
        if (plain >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        if (sign == 'u' && at + 4 <= text.length()) {
            int code = 0;
            for (int place = at; place < at + 4; place++) {
                char digit = text.charAt(place);
                int worth = digit < 128 ? Character.digit(digit, 16) : -1;
                if (worth < 0) {
                    throw wrong();
                }
                code = code * 16 + worth;
            }
            at += 4;
            return (char) code;
        }
        at--;
        throw wrong();
    }

    private static String paired(String text) throws Unfit {
        for (int place = 0; place < text.length(); place++) {
            char sign = text.charAt(place);
            if (Character.isHighSurrogate(sign)
                    && place + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(place + 1))) {
                place++;
            } else if (Character.isSurrogate(sign)) {
                throw new Unfit("half of a character (a surrogate alone)");
            }
        }
        return text;
    }
}
