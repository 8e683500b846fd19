import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Iterator;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.flink.sql.parser.impl.FlinkSqlParserImpl;
import org.apache.flink.sql.parser.validate.FlinkSqlConformance;

/** Says every reserved word of Flink's SQL, an empty line, and for each line it reads "true" if Flink can parse it. */
public class FlinkParser {
    public static void main(String[] args) throws Exception {
        // As Flink's planner has it (PlannerContext.getSqlParserConfig).
        SqlParser.Config config = SqlParser.config()
            .withParserFactory(FlinkSqlParserImpl.FACTORY)
            .withConformance(FlinkSqlConformance.DEFAULT)
            .withLex(Lex.JAVA);
        SqlAbstractParserImpl.Metadata metadata = SqlParser.create("", config).getMetadata();
        Iterator words = metadata.getTokens().iterator();
        while (words.hasNext()) {
            String word = (String) words.next();
            if (metadata.isReservedWord(word)) {
                System.out.println(word);
            }
        }
        System.out.println();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        String line;
        while ((line = lines.readLine()) != null) {
            System.out.println(parses(line, config));
        }
    }

    private static boolean parses(String text, SqlParser.Config config) {
        try {
            SqlParser.create(text, config).parseStmtList();
            return true;
        } catch (SqlParseException error) {
            return false;
        }
    }
}
