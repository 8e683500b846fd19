package rosace;

import org.apache.spark.sql.api.java.UDF2;

/** `rosace_unfit(value, shape)` in Spark's SQL: why a record does not fit, null where it does. See kit/Fit.java. */
public class SparkFit implements UDF2 {
    public Object call(Object value, Object shape) {
        return Fit.why((byte[]) value, (String) shape);
    }
}
