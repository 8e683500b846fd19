package rosace;

import org.apache.spark.sql.api.java.UDF8;

/** `rosace_aside(topic, partition, offset, millis, key, value, why, by)`: what is set aside. See kit/Fit.java. */
public class SparkAside implements UDF8 {
    public Object call(
            Object topic, Object partition, Object offset, Object millis,
            Object key, Object value, Object why, Object by) {
        return Fit.aside(
            (String) topic, ((Integer) partition).intValue(), ((Long) offset).longValue(), ((Long) millis).longValue(),
            (byte[]) key, (byte[]) value, (String) why, (String) by);
    }
}
