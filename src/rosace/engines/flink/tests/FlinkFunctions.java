import java.util.Iterator;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionKind;
import org.apache.flink.table.planner.functions.sql.FlinkSqlOperatorTable;
import org.apache.flink.table.types.inference.ArgumentCount;

/** Says every function that SQL can call: its name, its fewest and most arguments (* without end), its kind. */
public class FlinkFunctions {
    private static final TreeMap FOUND = new TreeMap();

    public static void main(String[] args) {
        Iterator definitions = BuiltInFunctionDefinitions.getDefinitions().iterator();
        while (definitions.hasNext()) {
            BuiltInFunctionDefinition one = (BuiltInFunctionDefinition) definitions.next();
            if (one.hasRuntimeImplementation() && !one.isInternal()) {
                ArgumentCount count = one.getTypeInference(null).getInputTypeStrategy().getArgumentCount();
                int fewest = ((Integer) count.getMinCount().orElse(new Integer(0))).intValue();
                int most = ((Integer) count.getMaxCount().orElse(new Integer(-1))).intValue();
                add(one.getName(), fewest, most, one.getKind() == FunctionKind.AGGREGATE);
            }
        }
        operators(true);
        operators(false);
        Iterator lines = FOUND.values().iterator();
        while (lines.hasNext()) {
            Object[] one = (Object[]) lines.next();
            String most = ((Integer) one[2]).intValue() < 0 ? "*" : one[2].toString();
            System.out.println(one[0] + " " + one[1] + " " + most + " " + one[3]);
        }
    }

    private static void operators(boolean batch) {
        Iterator operators = FlinkSqlOperatorTable.instance(batch).getOperatorList().iterator();
        while (operators.hasNext()) {
            SqlOperator one = (SqlOperator) operators.next();
            SqlSyntax syntax = one.getSyntax();
            boolean sign = syntax == SqlSyntax.BINARY || syntax == SqlSyntax.PREFIX || syntax == SqlSyntax.POSTFIX;
            if (!sign && syntax != SqlSyntax.INTERNAL) {
                SqlOperandCountRange range = null;
                try {
                    range = one.getOperandCountRange();
                } catch (RuntimeException error) {
                    // Calcite knows none for some of its own.
                }
                // A group window is kept as $TUMBLE, with an argument less than the table function of that name.
                String name = one.getName().matches("[$](TUMBLE|HOP|SESSION)") ? one.getName().substring(1) : one.getName();
                add(name, range == null ? 0 : range.getMin(), range == null ? -1 : range.getMax(), one.isAggregator());
            }
        }
    }

    private static void add(String name, int fewest, int most, boolean aggregate) {
        if (!name.matches("[A-Z][A-Z0-9_]*")) {
            return;
        }
        Object[] before = (Object[]) FOUND.get(name);
        if (before != null) {
            int other = ((Integer) before[2]).intValue();
            fewest = Math.min(fewest, ((Integer) before[1]).intValue());
            most = most < 0 || other < 0 ? -1 : Math.max(most, other);
            aggregate = aggregate || before[3].equals("aggregate");
        }
        String kind = aggregate ? "aggregate" : "scalar";
        FOUND.put(name, new Object[] {name, new Integer(fewest), new Integer(most), kind});
    }
}
