public final class TrinoMain { public static void main(String[] a) { new io.trino.server.Server().start("435"); } }
