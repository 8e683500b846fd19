package rosace;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.Collector;

/** `rosace-key`: see FlinkFitFormats. */
public class FlinkKeyFormat implements DeserializationFormatFactory {
    public String factoryIdentifier() {
        return "rosace-key";
    }

    public Set requiredOptions() {
        return new HashSet();
    }

    public Set optionalOptions() {
        return new HashSet();
    }

    public Set forwardOptions() {
        return new HashSet();
    }

    public DecodingFormat createDecodingFormat(DynamicTableFactory.Context context, ReadableConfig told) {
        return new Key();
    }

    private static final class Key implements DecodingFormat {
        public ChangelogMode getChangelogMode() {
            return ChangelogMode.insertOnly();
        }

        public Object createRuntimeDecoder(DynamicTableSource.Context context, DataType type) {
            return new Reader(context.createTypeInformation(type));
        }
    }

    private static final class Reader implements DeserializationSchema {
        private final TypeInformation type;

        Reader(TypeInformation type) {
            this.type = type;
        }

        public void open(DeserializationSchema.InitializationContext context) {}

        public Object deserialize(byte[] key) {
            GenericRowData out = new GenericRowData(1);
            out.setField(0, BinaryStringData.fromString(Fit.member("key", key)));
            return out;
        }

        public void deserialize(byte[] key, Collector out) {
            out.collect(deserialize(key));
        }

        public boolean isEndOfStream(Object row) {
            return false;
        }

        public TypeInformation getProducedType() {
            return type;
        }
    }
}
