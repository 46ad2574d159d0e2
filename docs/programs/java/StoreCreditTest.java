// Store credit against the mock, with nothing but the JDK (17 or newer):
// java StoreCreditTest.java
// The guide "Testing from Java" quotes the parts between >>> and <<<. In a project of yours
// the methods are JUnit's, and responses are read with the JSON library that is there anyway.

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class StoreCreditTest {
    // >>> start
    /** A served mock: the one that MOCK_URL names, such as a container's, or one started here. */
    record Mock(String url, String controlToken, Process process) implements AutoCloseable {
        static Mock start() throws IOException {
            String url = System.getenv("MOCK_URL");
            if (url != null) {
                return new Mock(url, System.getenv("MOCK_CONTROL_TOKEN"), null);
            }
            Process process = new ProcessBuilder(
                            "store-credit-mock", "serve",
                            "--port", "0", "--json", "--exit-with-parent")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // Once it listens it prints one line of JSON.
            String line = process.inputReader(UTF_8).readLine();
            if (line == null) {
                throw new IOException("the mock did not start; what it said is on stderr");
            }
            return new Mock(member(line, "address"), member(line, "control_token"), process);
        }

        @Override
        public void close() {
            if (process != null) {
                process.destroy(); // SIGTERM
                process.onExit().join();
            }
        }
    }
    // <<< start

    // >>> client
    /**
     * Your own code: it takes the address from outside, and sends the same key again
     * when no response arrives.
     */
    record StoreCredit(HttpClient http, String baseUrl, String apiKey) {
        String issue(String customer, long amount, String idempotencyKey, String more)
                throws IOException, InterruptedException {
            String body = """
                    {"customer": "%s", "amount": %d, "currency": "USD"%s}"""
                    .formatted(customer, amount, more);
            URI address = URI.create(baseUrl + "/v1/store-credit");
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("X-Api-Key", apiKey)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", idempotencyKey)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            for (int attempt = 1; ; attempt++) {
                try {
                    return checked(http.send(request, BodyHandlers.ofString()));
                } catch (IOException noResponse) {
                    if (attempt == 3) {
                        throw noResponse;
                    }
                }
            }
        }

        String list() throws IOException, InterruptedException {
            URI address = URI.create(baseUrl + "/v1/store-credit?limit=100");
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("X-Api-Key", apiKey)
                    .build();
            return checked(http.send(request, BodyHandlers.ofString()));
        }
    }
    // <<< client

    private final HttpClient http = HttpClient.newHttpClient();
    private final Mock mock;
    private final StoreCredit shop;

    private StoreCreditTest(Mock mock) {
        this.mock = mock;
        this.shop = new StoreCredit(http, mock.url(), "sk_test_any");
    }

    // >>> control
    /** The control plane: everything below /_mock/, with its own token. */
    String control(String method, String path, String body)
            throws IOException, InterruptedException {
        URI address = URI.create(mock.url() + "/_mock" + path);
        var sent = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + mock.controlToken())
                .header("Content-Type", "application/json")
                .method(method, sent)
                .build();
        return checked(http.send(request, BodyHandlers.ofString()));
    }
    // <<< control

    // >>> reset
    void beforeEach() throws IOException, InterruptedException {
        control("POST", "/reset", null);
    }
    // <<< reset

    // >>> verify
    /** Nothing that was sent or answered broke the document, and the books add up. */
    void afterEach() throws IOException, InterruptedException {
        String broken = control("GET", "/exchanges?violations=true", null);
        check(member(broken, "total").equals("0"), broken);
        String books = control("GET", "/invariants", null);
        check(member(books, "holds").equals("true"), books);
    }
    // <<< verify

    // >>> purchase
    void aPurchaseSpendsCredit() throws IOException, InterruptedException {
        shop.issue("cust_8aZ2", 1000, "java-order-1", "");
        control("POST", "/vinr/purchases", """
                {"customer": "cust_8aZ2", "amount": 400, "currency": "USD"}""");
        String credits = shop.list();
        check(member(credits, "balance_remaining").equals("600"), credits);
    }
    // <<< purchase

    // >>> fault
    void aLostResponseIssuesNoSecondCredit() throws IOException, InterruptedException {
        control("POST", "/faults", """
                {"operation": "vinr.store_credit.create", "nth": 1,
                 "drop": true, "when": "after"}""");
        shop.issue("cust_8aZ2", 1000, "java-order-2", "");
        String credits = shop.list();
        check(member(credits, "total_estimate").equals("1"), credits);
        String sent = control("GET", "/exchanges?operation=vinr.store_credit.create", null);
        check(member(sent, "total").equals("2"), sent);
    }
    // <<< fault

    // >>> clock
    void expiredCreditIsNotSpent() throws IOException, InterruptedException {
        String clock = control("POST", "/clock/freeze", """
                {"at": "2030-01-01T00:00:00Z"}""");
        // The clock counts milliseconds, VINR seconds.
        long inAnHour = Long.parseLong(member(clock, "now")) / 1000 + 3600;
        shop.issue("cust_8aZ2", 1000, "java-order-3", ", \"expires_at\": " + inAnHour);
        control("POST", "/clock/advance", """
                {"seconds": 3600}""");
        String purchase = control("POST", "/vinr/purchases", """
                {"customer": "cust_8aZ2", "amount": 400, "currency": "USD"}""");
        check(member(purchase, "paid_by_credit").equals("0"), purchase);
    }
    // <<< clock

    // >>> webhook
    static boolean genuine(byte[] body, String signature, String timestamp, String secret)
            throws GeneralSecurityException {
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) {
            return false;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        mac.update((timestamp + ".").getBytes(UTF_8));
        String expected = HexFormat.of().formatHex(mac.doFinal(body));
        return MessageDigest.isEqual(expected.getBytes(UTF_8), signature.getBytes(UTF_8));
    }

    record Event(byte[] body, String signature, String timestamp) {}

    void anEventArrivesSigned() throws Exception {
        CompletableFuture<Event> arrived = new CompletableFuture<>();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer receiver = HttpServer.create(address, 0);
        receiver.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            var headers = exchange.getRequestHeaders();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
            String signature = headers.getFirst("X-Vinr-Signature");
            String timestamp = headers.getFirst("X-Vinr-Timestamp");
            arrived.complete(new Event(body, signature, timestamp));
        });
        receiver.start();
        try {
            String endpoint = control("POST", "/vinr/webhook-endpoints", """
                    {"url": "http://127.0.0.1:%d/",
                     "enabled_events": ["store_credit.created"]}"""
                    .formatted(receiver.getAddress().getPort()));
            String credit = shop.issue("cust_8aZ2", 1000, "java-order-4", "");
            Event event = arrived.get(1, TimeUnit.MINUTES);
            String secret = member(endpoint, "secret");
            check(
                    genuine(event.body(), event.signature(), event.timestamp(), secret),
                    "not genuine");
            String body = new String(event.body(), UTF_8);
            check(body.contains(member(credit, "id")), "it is about another credit");
        } finally {
            receiver.stop(0);
        }
    }
    // <<< webhook

    /** The body of a response below 300; anything else is an error of this test. */
    static String checked(HttpResponse<String> response) {
        if (response.statusCode() >= 300) {
            String seen = response.statusCode() + " " + response.body();
            throw new IllegalStateException(response.request().uri() + ": " + seen);
        }
        return response.body();
    }

    /** The first member of this name, which does for what is read here. */
    static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\\s*\"?([^\",}\\]]*)").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no member " + name + " in " + json);
        }
        return found.group(1);
    }

    static void check(boolean holds, String seen) {
        if (!holds) {
            throw new AssertionError(seen);
        }
    }

    interface Test {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (Mock mock = Mock.start()) {
            StoreCreditTest it = new StoreCreditTest(mock);
            List<Test> tests = List.of(
                    it::aPurchaseSpendsCredit,
                    it::aLostResponseIssuesNoSecondCredit,
                    it::expiredCreditIsNotSpent,
                    it::anEventArrivesSigned);
            for (Test test : tests) {
                it.beforeEach();
                test.run();
                it.afterEach();
            }
            System.out.println(tests.size() + " tests passed");
        }
    }
}
