import java.io.File;
import org.codehaus.janino.Compiler;

/** Compiles Java sources into classes: `Compile FOLDER SOURCE...`. The class path is its own. */
public class Compile {
    public static void main(String[] arguments) throws Exception {
        File[] sources = new File[arguments.length - 1];
        for (int at = 1; at < arguments.length; at++) {
            sources[at - 1] = new File(arguments[at]);
        }
        Compiler compiler = new Compiler();
        compiler.setDestinationDirectory(new File(arguments[0]), false);
        compiler.setClassPath(classPath());
        compiler.setDebugLines(true);
        compiler.compile(sources);
    }

    private static File[] classPath() {
        String[] parts = System.getProperty("java.class.path").split(File.pathSeparator);
        File[] files = new File[parts.length];
        for (int at = 0; at < parts.length; at++) {
            files[at] = new File(parts[at]);
        }
        return files;
    }
}
