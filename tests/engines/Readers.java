import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.util.Collections;
import java.util.Iterator;
import java.util.Properties;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.flink.sql.parser.ddl.SqlSet;
import org.apache.flink.sql.parser.impl.FlinkSqlParserImpl;
import org.apache.flink.sql.parser.validate.FlinkSqlConformance;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/** Reads texts (each a line "kind hexadecimal") as those do for whom they are written; says what it found in them. */
public class Readers {
    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        String line;
        while ((line = lines.readLine()) != null) {
            int space = line.indexOf(' ');
            String kind = line.substring(0, space);
            byte[] bytes = bytes(line.substring(space + 1));
            StringBuilder out = new StringBuilder();
            try {
                if (kind.equals("set")) {
                    statements(new String(bytes, "UTF-8"), out);
                } else if (kind.equals("jaas")) {
                    login(new String(bytes, "UTF-8"), out);
                } else {
                    properties(bytes, kind, out);
                }
            } catch (Exception error) {
                out.append("error ").append(hex(String.valueOf(error.getMessage())));
            }
            System.out.println(out.toString().trim());
        }
    }

    private static void properties(byte[] bytes, String charset, StringBuilder out) throws Exception {
        Properties found = new Properties();
        found.load(new InputStreamReader(new ByteArrayInputStream(bytes), charset));
        Iterator names = new TreeSet(found.stringPropertyNames()).iterator();
        while (names.hasNext()) {
            String name = (String) names.next();
            out.append(hex(name)).append('=').append(hex(found.getProperty(name))).append(' ');
        }
    }

    private static void statements(String script, StringBuilder out) throws Exception {
        SqlParser.Config config = SqlParser.config()
            .withParserFactory(FlinkSqlParserImpl.FACTORY)
            .withConformance(FlinkSqlConformance.DEFAULT)
            .withLex(Lex.JAVA);
        Iterator found = SqlParser.create(script, config).parseStmtList().iterator();
        while (found.hasNext()) {
            SqlNode one = (SqlNode) found.next();
            if (one instanceof SqlSet) {
                SqlSet set = (SqlSet) one;
                out.append(hex(set.getKeyString())).append('=').append(hex(set.getValueString())).append(' ');
            } else {
                out.append("other ");
            }
        }
    }

    private static void login(String line, StringBuilder out) throws Exception {
        JaasContext context = JaasContext.loadClientContext(
            Collections.singletonMap("sasl.jaas.config", new Password(line)));
        Iterator entries = context.configurationEntries().iterator();
        while (entries.hasNext()) {
            AppConfigurationEntry entry = (AppConfigurationEntry) entries.next();
            out.append(hex((String) entry.getOptions().get("username"))).append('=');
            out.append(hex((String) entry.getOptions().get("password"))).append(' ');
        }
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); at += 2) {
            out.write(Integer.parseInt(text.substring(at, at + 2), 16));
        }
        return out.toByteArray();
    }

    private static String hex(String text) throws Exception {
        byte[] bytes = text.getBytes("UTF-8");
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < bytes.length; at++) {
            out.append(Integer.toHexString((bytes[at] & 255) + 256).substring(1));
        }
        return out.toString();
    }
}
