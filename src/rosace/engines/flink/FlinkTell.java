package rosace;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * `rosace_tell(job, line)`: adds a line to the job's own log where this machine keeps one, counts it, and is true; of no
 * line it is false.
 */
public class FlinkTell extends ScalarFunction {
    private transient Counter told;

    public void open(FunctionContext context) throws Exception {
        told = context.getMetricGroup().counter("rosaceUnfit");
    }

    public Boolean eval(String job, String line) {
        if (line == null) {
            return Boolean.FALSE;
        }
        told.inc();
        String home = System.getenv("ROSACE_HOME");
        if (home != null) {
            try {
                OutputStream out = new FileOutputStream(home + "/logs/job-" + job + ".log", true);
                try {
                    out.write((line + "\n").getBytes("UTF-8"));
                } finally {
                    out.close();
                }
            } catch (IOException full) {
                // A disk that is full must not end the job.
            }
        }
        return Boolean.TRUE;
    }

    public boolean isDeterministic() {
        return false;
    }
}
