package rosace;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.formats.json.JsonFormatFactory;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.util.Collector;

/**
 * Flink's own JSON format behind the judge (kit/Fit.java): `rosace-json` for a record's value, `rosace-key` for its key.
 *
 * <p>The last two columns of a table with `rosace-json` say of a record that does not fit why, and what it holds, as
 * members of JSON; they are null where it fits. Its other columns then hold what harms nobody: a view leaves the row
 * out. A record without a value is no row. `rosace-key` has one column, which says what the key is, also of none.
 */
public class FlinkFitFormats implements DeserializationFormatFactory {
    private static final ConfigOption SHAPE = ConfigOptions.key("shape").stringType().noDefaultValue();

    public String factoryIdentifier() {
        return "rosace-json";
    }

    public Set requiredOptions() {
        return new HashSet(Collections.singletonList(SHAPE));
    }

    public Set optionalOptions() {
        return new HashSet();
    }

    public Set forwardOptions() {
        return new HashSet();
    }

    public DecodingFormat createDecodingFormat(DynamicTableFactory.Context context, ReadableConfig told) {
        Configuration plain = new Configuration();
        plain.setString("timestamp-format.standard", "ISO-8601");
        DecodingFormat json = new JsonFormatFactory().createDecodingFormat(context, plain);
        return new Judged(json, (String) told.get(SHAPE));
    }

    private static final class Judged implements DecodingFormat {
        private final DecodingFormat json;
        private final String shape;

        Judged(DecodingFormat json, String shape) {
            this.json = json;
            this.shape = shape;
        }

        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }

        public Object createRuntimeDecoder(DynamicTableSource.Context context, DataType type) {
            List names = DataType.getFieldNames(type);
            List types = DataType.getFieldDataTypes(type);
            int count = names.size() - 2;
            String[] own = new String[count];
            LogicalType[] kinds = new LogicalType[count];
            int[][] all = new int[count][];
            for (int at = 0; at < count; at++) {
                own[at] = (String) names.get(at);
                kinds[at] = ((DataType) types.get(at)).getLogicalType();
                all[at] = new int[] {at};
            }
            DataType inner = TypeConversions.fromLogicalToDataType(RowType.of(false, kinds, own));
            Object reader = ((ProjectableDecodingFormat) json).createRuntimeDecoder(context, inner, all);
            return new Reader((DeserializationSchema) reader, shape, kinds, context.createTypeInformation(type));
        }
    }

    private static final class Reader implements DeserializationSchema {
        private final DeserializationSchema json;
        private final String shape;
        private final LogicalType[] kinds;
        private final TypeInformation type;
        private transient One one;

        Reader(DeserializationSchema json, String shape, LogicalType[] kinds, TypeInformation type) {
            this.json = json;
            this.shape = shape;
            this.kinds = kinds;
            this.type = type;
        }

        public void open(DeserializationSchema.InitializationContext context) throws Exception {
            json.open(context);
            one = new One();
        }

        public Object deserialize(byte[] value) throws IOException {
            if (value == null) {
                return null;
            }
            String why = Fit.why(value, shape);
            GenericRowData out = new GenericRowData(kinds.length + 2);
            if (why == null) {
                json.deserialize(value, one);
                GenericRowData read = (GenericRowData) one.taken();
                for (int at = 0; at < kinds.length; at++) {
                    out.setField(at, read.getField(at));
                }
                return out;
            }
            for (int at = 0; at < kinds.length; at++) {
                out.setField(at, kinds[at].isNullable() ? null : harmless(kinds[at]));
            }
            out.setField(kinds.length, BinaryStringData.fromString(why));
            out.setField(kinds.length + 1, BinaryStringData.fromString(Fit.member("value", value)));
            return out;
        }

        public void deserialize(byte[] value, Collector out) throws IOException {
            Object row = deserialize(value);
            if (row != null) {
                out.collect(row);
            }
        }

        public boolean isEndOfStream(Object row) {
            return false;
        }

        public TypeInformation getProducedType() {
            return type;
        }
    }

    /** What a column that is never null holds in a row that is left out. */
    private static Object harmless(LogicalType type) {
        String kind = type.getTypeRoot().name();
        if (kind.equals("VARCHAR") || kind.equals("CHAR")) {
            return BinaryStringData.fromString("");
        }
        if (kind.equals("SMALLINT")) {
            return Short.valueOf((short) 0);
        }
        if (kind.equals("INTEGER") || kind.equals("DATE")) {
            return Integer.valueOf(0);
        }
        if (kind.equals("BIGINT")) {
            return Long.valueOf(0L);
        }
        if (kind.equals("FLOAT")) {
            return Float.valueOf(0f);
        }
        if (kind.equals("DOUBLE")) {
            return Double.valueOf(0d);
        }
        if (kind.equals("BOOLEAN")) {
            return Boolean.FALSE;
        }
        if (kind.equals("DECIMAL")) {
            DecimalType digits = (DecimalType) type;
            return DecimalData.fromBigDecimal(BigDecimal.ZERO, digits.getPrecision(), digits.getScale());
        }
        if (kind.startsWith("TIMESTAMP")) {
            return TimestampData.fromEpochMillis(0L);
        }
        if (kind.equals("ARRAY")) {
            return new GenericArrayData(new Object[0]);
        }
        if (kind.equals("MAP")) {
            return new GenericMapData(new HashMap());
        }
        if (kind.equals("ROW")) {
            return new GenericRowData(((RowType) type).getFieldCount());
        }
        return new byte[0];
    }

    /** Holds the one row that a record is. */
    private static final class One implements Collector {
        private final ArrayList rows = new ArrayList();

        public void collect(Object row) {
            rows.add(row);
        }

        public void close() {}

        Object taken() throws IOException {
            if (rows.size() != 1) {
                throw new IOException("a record of the declared columns was read as " + rows.size() + " rows");
            }
            return rows.remove(0);
        }
    }
}
