// A server that receives signed events of VINR and of Spree's API v3,
// with nothing but the JDK (17 or newer).
// The guide "Webhooks" quotes the parts between >>> and <<<.
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Webhooks {
    // >>> verify
    /** body: the raw bytes. A missing header is null. */
    static boolean isGenuine(byte[] body, String signature, String timestamp, String secret)
            throws GeneralSecurityException {
        if (signature == null || timestamp == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        long age = System.currentTimeMillis() / 1000 - Long.parseLong(timestamp);
        if (Math.abs(age) > 300) {
            return false;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        // SecretKeySpec refuses an empty secret.
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        mac.update((timestamp + ".").getBytes(UTF_8));
        String expected = HexFormat.of().formatHex(mac.doFinal(body));
        // In constant time.
        return MessageDigest.isEqual(expected.getBytes(UTF_8), signature.getBytes(UTF_8));
    }
    // <<< verify

    // >>> receiver
    static void receive(HttpExchange exchange, String prefix, String secret)
            throws IOException {
        // No event is as large, and a cut one is refused.
        byte[] body = exchange.getRequestBody().readNBytes(1_000_000);
        var headers = exchange.getRequestHeaders();
        String signature = headers.getFirst(prefix + "-Signature");
        String timestamp = headers.getFirst(prefix + "-Timestamp");
        boolean genuine;
        try {
            genuine = isGenuine(body, signature, timestamp, secret);
        } catch (GeneralSecurityException error) {
            throw new IOException(error);
        }
        // Respond first, and do the work afterwards.
        exchange.sendResponseHeaders(genuine ? 204 : 400, -1);
        exchange.close();
        if (genuine) {
            System.out.println(new String(body, UTF_8));
        }
    }

    static String secretFrom(String name) {
        String secret = System.getenv(name);
        if (secret == null || secret.isEmpty()) {
            throw new IllegalStateException(name + " is not set");
        }
        return secret;
    }

    public static void main(String[] arguments) throws IOException {
        String vinr = secretFrom("VINR_WEBHOOK_SECRET");
        String spree = secretFrom("SPREE_WEBHOOK_SECRET");
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/vinr", exchange -> receive(exchange, "X-Vinr", vinr));
        server.createContext("/spree", exchange -> receive(exchange, "X-Spree-Webhook", spree));
        // Without an executor, a slow client would hold up all others.
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println(server.getAddress().getPort());
    }
    // <<< receiver
}
