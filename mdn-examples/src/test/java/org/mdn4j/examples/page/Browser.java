/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A headless Chromium, spoken to by its DevTools protocol over the JDK's own web socket: the
 * drivers that Playwright brings are some 190 MB, and Selenium needs a chromedriver beside the
 * browser.
 */
public final class Browser implements AutoCloseable {
  /** What a test says that is skipped for want of one. */
  public static final String MISSING =
      "There is no chromium, chromium-browser or google-chrome on the PATH";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /**
   * Finds an installed browser.
   *
   * @return its executable, if there is one
   */
  public static Optional<Path> executable() {
    List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts a browser.
   *
   * @param executable see {@link #executable}
   * @param profile an empty folder for what it keeps
   * @throws IOException if it cannot be started
   * @throws InterruptedException if interrupted while waiting for it
   */
  public Browser(Path executable, Path profile) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-sandbox", // CI runs as root
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking", // it asks for nothing but the page
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log.txt").toFile())
            .start();
    try {
      HttpClient client = HttpClient.newHttpClient();
      socket =
          client
              .newWebSocketBuilder()
              .buildAsync(pageSocket(client, profile.resolve("DevToolsActivePort")), new Listener())
              .join();
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        call(domain + ".enable", Map.of());
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private URI pageSocket(HttpClient client, Path portFile)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      List<String> lines = Files.exists(portFile) ? Files.readAllLines(portFile) : List.of();
      if (!lines.isEmpty()) {
        URI list = URI.create("http://127.0.0.1:" + lines.get(0) + "/json/list");
        HttpRequest request = HttpRequest.newBuilder(list).timeout(PATIENCE).build();
        String answer = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        for (JsonNode target : JSON.readTree(answer)) {
          if (target.get("type").asText().equals("page")) {
            return URI.create(target.get("webSocketDebuggerUrl").asText());
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("The browser did not start within " + PATIENCE);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket unused, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        try {
          hear(JSON.readTree(message.toString()));
        } catch (IOException e) {
          problems.add("Not JSON: " + message);
        }
        message.setLength(0);
      }
      unused.request(1);
      return null;
    }

    private void hear(JsonNode heard) {
      if (heard.has("id")) {
        answers.remove(heard.get("id").asInt()).complete(heard);
        return;
      }
      switch (heard.get("method").asText()) {
        case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
            problems.add(heard.get("params").toString());
        case "Network.requestWillBeSent" -> requests.add(heard.at("/params/request/url").asText());
        default -> {} // of no interest
      }
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws IOException {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    JsonNode heard = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (heard.has("error")) {
      throw new IOException(method + ": " + heard.get("error"));
    }
    return heard.get("result");
  }

  /** Opens a file and waits until its script has run. */
  void open(Path file) throws IOException {
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    evaluate(
        "new Promise(done => document.readyState === 'complete' && location.protocol === 'file:'"
            + " ? done() : addEventListener('load', done))");
  }

  /** The value of an expression in the page; of a promise, what it becomes. */
  JsonNode evaluate(String expression) throws IOException {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.at("/result/value");
  }

  /** Presses and releases a key, as on a keyboard, wherever the focus is. */
  void press(String key, int code) throws IOException {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
    }
  }

  /** Presses and releases the left button of the mouse. */
  void click(double x, double y) throws IOException {
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of("type", type, "x", x, "y", y, "button", "left", "clickCount", 1));
    }
  }

  /** Shows the page in a window of a size, to a reader who prefers light or dark. */
  void show(int width, int height, boolean phone, String scheme) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    // Two frames: one in which the page hears of it, one in which it has drawn.
    evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  /** Writes a picture of the whole page. */
  void screenshot(Path file) throws IOException {
    JsonNode picture =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(picture.get("data").asText()));
  }

  /** What the page has written to the console or thrown. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** What the page has asked for. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    try {
      call("Browser.close", Map.of()); // it tidies its folder
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
      socket.abort();
    }
  }
}
