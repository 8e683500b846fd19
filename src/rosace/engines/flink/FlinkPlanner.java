import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.Base64;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;

/**
 * Flink's planner, asked line by line (rosace.contract.planner.Program): no cluster, no port.
 *
 * <p>`session KEY VALUE ...` begins a new session with these settings; `run STATEMENT` carries out a declaration;
 * `explain STATEMENT` plans, down to the operators, and gives the plan. Written for Janino, the compiler that Flink
 * brings for its own use: no lambdas, no static methods of interfaces.
 */
public class FlinkPlanner extends Thread {
    private final LinkedBlockingQueue asked = new LinkedBlockingQueue();
    private volatile boolean busy = false;

    public static void main(String[] arguments) throws Exception {
        FlinkPlanner planner = new FlinkPlanner();
        planner.setDaemon(true);
        planner.start();
        planner.answer();
    }

    /** Reads questions; where they end while one is planned, whoever asked is gone, and so are we. */
    public void run() {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
            String line;
            while ((line = in.readLine()) != null) {
                busy = true;
                asked.add(line);
            }
        } catch (IOException gone) {
            // As if it had ended.
        }
        if (busy) {
            Runtime.getRuntime().halt(1);
        }
        asked.add("");
    }

    private void answer() throws Exception {
        PrintStream out = System.out;
        // Whatever a library prints is no answer.
        System.setOut(System.err);
        TableEnvironment session = null;
        String line;
        while (!(line = (String) asked.take()).isEmpty()) {
            String[] said = line.split(" ");
            String answer;
            try {
                if (said[0].equals("session")) {
                    session = session(said);
                    answer = "taken";
                } else if (said[0].equals("run")) {
                    session.executeSql(read(said[1]));
                    answer = "taken";
                } else {
                    answer = "taken " + text(
                        session.explainSql(read(said[1]), new ExplainDetail[] {ExplainDetail.CHANGELOG_MODE}));
                }
            } catch (Throwable error) {
                answer = "refused" + causes(error);
            }
            busy = false;
            out.println(answer);
            out.flush();
        }
    }

    private static TableEnvironment session(String[] said) throws Exception {
        Configuration settings = new Configuration();
        for (int at = 1; at + 1 < said.length; at += 2) {
            settings.setString(read(said[at]), read(said[at + 1]));
        }
        return TableEnvironmentImpl.create(
            EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
    }

    /** Class and message of an error and of each of its causes, the outermost first. */
    private static String causes(Throwable error) throws Exception {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (Throwable one = error; one != null && depth < 20; one = one.getCause()) {
            out.append(' ').append(text(one.getClass().getSimpleName() + ": " + one.getMessage()));
            depth++;
        }
        return out.toString();
    }

    private static String text(String said) throws Exception {
        return Base64.getEncoder().encodeToString(said.getBytes("UTF-8"));
    }

    private static String read(String said) throws Exception {
        return new String(Base64.getDecoder().decode(said), "UTF-8");
    }
}
