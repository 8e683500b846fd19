import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Base64;
import rosace.Fit;

/** Reads a shape from a file, and of values in Base64, one a line, says `-` where one fits and `x` where not. */
public class FitLines {
    public static void main(String[] arguments) throws Exception {
        String shape = new String(Files.readAllBytes(Paths.get(arguments[0], new String[0])), "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        String line;
        while ((line = in.readLine()) != null) {
            String why = Fit.why(Base64.getDecoder().decode(line), shape);
            System.out.println(why == null ? "-" : "x");
        }
    }
}
