package dev.repartee.finetune.answers;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Decision.Kind;
import dev.repartee.text.answers.ReviewRow;
import dev.repartee.text.io.Spreadsheet;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Axe;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** The page in a browser, with keys and mouse. */
@Tag("slow")
class ReviewBrowserTest {

  private static final int ANSWERS = 5_000;
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(2);

  private static final List<String> ASKED =
      List.of("order number", "phone number", "date of birth", "e-mail address", "post code");

  private static final List<String> PRODUCTS =
      List.of("router", "phone", "parcel", "invoice", "card", "ticket", "meter", "policy");

  private static Chromium chromium;

  @TempDir private Path folder;
  private Path review;
  private ReviewPage server;
  private BrowserContext context;
  private Page page;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @BeforeEach
  void setUp() {
    review = folder.resolve("review.csv");
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
    if (server != null) {
      server.close();
    }
    assertThat(complaints).isEmpty();
  }

  /** As {@code extract} writes them: the most used first, each with phrasings. */
  private static void write(Path file, int answers) {
    List<String> columns =
        List.of(
            "decision",
            "new_text",
            "merge_into",
            "note",
            "id",
            "text",
            "messages",
            "sentences",
            "agents",
            "share_of_messages",
            "domains",
            "language",
            "status",
            "phrasings");
    Spreadsheet.write(
        file,
        new Spreadsheet.Layout(',', columns),
        IntStream.range(0, answers).mapToObj(i -> row(i, answers).stream()));
  }

  private static List<String> row(int i, int answers) {
    String text = text(i);
    int messages = 10 * (answers - i);
    return List.of(
        "",
        "",
        "",
        "",
        "a-" + i,
        text,
        "" + messages,
        "1",
        "" + (3 + i % 40),
        "0.00012",
        (i == 7 ? "return desk 12" : "billing 12") + " | orders " + i,
        "en",
        i % 7 == 0 ? "new" : "kept",
        text + " | " + text.toLowerCase(Locale.ROOT) + " thanks | Well, " + text);
  }

  private static String text(int i) {
    String product = PRODUCTS.get(i % PRODUCTS.size());
    String asked = ASKED.get(i / PRODUCTS.size() % ASKED.size());
    return switch (i % 3) {
      case 0 ->
          "Could you please give me your %s for the %s of case %d?".formatted(asked, product, i);
      case 1 ->
          "I have sent the %s number %d to you, with the %s on it.".formatted(product, i, asked);
      default ->
          "Sorry about the %s; colleague %d looks into the %s today.".formatted(product, i, asked);
    };
  }

  private void open(Map<String, EditedFile> files, int width, ColorScheme scheme) {
    open(files, Json.COMPACT.createObjectNode(), Optional.empty(), width, scheme);
  }

  private void open(
      Map<String, EditedFile> files,
      ObjectNode about,
      Optional<NamedLibrary> production,
      int width,
      ColorScheme scheme) {
    ObjectNode names = about.putObject("files");
    files.forEach((name, file) -> names.put(name, file.file().toString()));
    server =
        ReviewPage.start(
            new ReviewPage.Content(
                files,
                about,
                production.map(
                    named -> () -> ((LibraryTable) files.get("library")).difference(named))));
    boolean phone = width < 600;
    context =
        chromium
            .browser()
            .newContext(
                new NewContextOptions()
                    .setViewportSize(width, phone ? 800 : 860)
                    .setDeviceScaleFactor(phone ? 2 : 1)
                    .setIsMobile(phone)
                    .setHasTouch(phone)
                    .setColorScheme(scheme));
    page = newPage();
    page.navigate(server.address().toString());
    item(0).waitFor();
  }

  private Page newPage() {
    Page opened = context.newPage();
    opened.onConsoleMessage(
        message -> {
          // A refused save is a response of 409, which Chromium logs as an error.
          if (!message.text().contains("409")) {
            complaints.add(message.text());
          }
        });
    opened.onPageError(complaints::add);
    return opened;
  }

  private Map<String, EditedFile> files() throws IOException {
    return new LinkedHashMap<>(Map.of("review", new ReviewTable(review, Optional.empty())));
  }

  private Locator item(int place) {
    return page.locator("#item-" + place);
  }

  private Locator answer(String text) {
    return page.locator("[role=treeitem]:not(.group):has-text('" + text + "')");
  }

  private Locator chosen() {
    return page.locator("[role=treeitem][aria-selected=true]");
  }

  private void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  private Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    ReviewRow.checked(ReviewRow.read(review), ids())
        .forEach(row -> decisions.put(row.id(), row.decision()));
    return decisions;
  }

  private static Set<String> ids() {
    return new HashSet<>(IntStream.range(0, ANSWERS).mapToObj(i -> "a-" + i).toList());
  }

  private static Decision decided(Kind kind) {
    return new Decision(kind, "", "", "");
  }

  // Answers

  @Test
  void whatLooksLikeHtmlIsText() throws IOException {
    String markup = "<img src=x onerror=document.title='broken'>";
    write(review, 3);
    Files.writeString(review, Files.readString(review).replace("case 0?", markup));
    open(files(), 1280, ColorScheme.LIGHT);
    assertThat(chosen()).containsText(markup);
    assertThat(page.locator("img, [onerror]")).hasCount(0);
  }

  @Test
  void fiveThousandAnswersAreReviewedByKeys() throws IOException {
    write(review, ANSWERS);
    // The first page of a browser starts its processes.
    open(files(), 1280, ColorScheme.LIGHT);
    long start = System.nanoTime();
    page.navigate(server.address().toString());
    assertThat(page.locator("#done")).containsText("0 of 5,000 answers decided");
    assertThat(chosen()).isVisible();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.println("5,000 answers open in " + took.toMillis() + " ms");
    assertThat(took).isLessThan(OPEN_LIMIT);
    assertThat(page.locator("[role=treeitem]").count()).isLessThan(60);

    press("j");
    for (int i = 0; i < 10; i++) {
      press("a");
    }
    assertThat(page.locator("#done")).containsText("10 of 5,000 answers decided");
    press("x", "j", "m", "m");
    assertThat(page.locator("#done")).containsText("12 of 5,000");
    press("u");
    assertThat(page.locator("#done")).containsText("11 of 5,000");
    assertThat(page.locator("#save")).hasText("Save 11 changes");
    Chromium.picture(page, "review-5000");
    press("Control+s");
    assertThat(page.locator("#notice")).hasText("Saved 11 changes.");

    Map<String, Decision> decisions = decisions();
    assertThat(decisions).hasSize(ANSWERS);
    assertThat(decisions.values()).filteredOn(decided(Kind.APPROVE)::equals).hasSize(10);
    List<Decision> merged =
        decisions.values().stream().filter(one -> one.kind() == Kind.MERGE).toList();
    assertThat(merged).hasSize(1);
    assertThat(decisions.get(merged.getFirst().mergeInto())).isEqualTo(Decision.NONE);
  }

  @Test
  void answersAreFoundAndDecidedByMouse() throws IOException {
    write(review, 300);
    open(files(), 1280, ColorScheme.LIGHT);
    page.locator("#search").fill("number 40 to");
    assertThat(page.locator("[role=treeitem]")).hasCount(1);
    item(0).click();
    button("Reject").click();
    assertThat(page.locator("#notice")).hasText("Rejected.");
    button("Edit").click();
    page.locator("#edited").fill("I have sent it, =with care.");
    page.locator("text=Use this text").click();
    page.getByLabel("Note for people").fill("asked Ann");
    page.locator("#save").click();
    assertThat(page.locator("#notice")).hasText("Saved 1 change.");
    assertThat(decisions())
        .containsEntry(
            "a-40", new Decision(Kind.EDIT, "I have sent it, =with care.", "", "asked Ann"));

    page.locator("#search").fill("");
    page.locator("#show").selectOption("edit");
    assertThat(page.locator("[role=treeitem]")).hasCount(1);
    page.locator("#undo").click();
    page.locator("#undo").click();
    page.locator("#undo").click();
    page.locator("#save").click();
    assertThat(page.locator("#notice")).hasText("Saved 1 change.");
    assertThat(decisions().values()).containsOnly(Decision.NONE);
  }

  /** The browser empties the box by itself, and reports it to nobody. */
  @Test
  void escapeInTheSearchShowsAllAnswersAgain() throws IOException {
    write(review, 18);
    open(files(), 1280, ColorScheme.LIGHT);
    int all = page.locator("[role=treeitem]").count();
    page.locator("#search").fill("number 7 to");
    assertThat(page.locator("[role=treeitem]")).hasCount(1);
    page.locator("#search").press("Escape");
    assertThat(page.locator("#search")).hasValue("");
    assertThat(page.locator("[role=treeitem]")).hasCount(all);
    assertThat(page.locator("#list")).isFocused();
    page.locator("#show").selectOption("queue:return desk");
    assertThat(page.locator("[role=treeitem]")).hasCount(1);
  }

  @Test
  void aGroupIsDecidedAtOnceAndMergesEndAtAnAnswerThatStays() throws IOException {
    write(review, 40);
    open(files(), 1280, ColorScheme.LIGHT);
    assertThat(item(0)).hasAttribute("aria-expanded", "true");
    int size = (int) Double.parseDouble(item(1).getAttribute("aria-setsize"));
    assertThat(size).isGreaterThan(2);
    press("j", "j", "r", "Home", "m");
    assertThat(page.locator("#notice")).hasText("Merged: %d answers.".formatted(size - 2));
    press("j", "r");
    assertThat(page.locator("#notice"))
        .hasText("%d answers are merged into it: clear that first.".formatted(size - 2));
    press("j", "x", "k", "m");
    assertThat(page.locator("#notice")).hasText("The answer that should stay is rejected.");
    press("Home", "ArrowLeft");
    assertThat(item(0)).hasAttribute("aria-expanded", "false");
    press("Control+s");
    assertThat(page.locator("#notice")).hasText("Saved %d changes.".formatted(size - 1));
    assertThat(decisions().values())
        .filteredOn(one -> one.kind() == Kind.MERGE)
        .hasSize(size - 2)
        .allMatch(one -> one.mergeInto().equals("a-0"));
  }

  private Locator button(String name) {
    return page.locator("#pane [data-does=" + name + "]");
  }

  /** What another person does to the file meanwhile. */
  private void others(String... cells) throws IOException {
    String text = Files.readString(review);
    for (int i = 0; i < cells.length; i += 2) {
      assertThat(text).contains(cells[i]);
      text = text.replace(cells[i], cells[i + 1]);
    }
    Files.writeString(review, text);
  }

  @Test
  void whatAnotherPersonDecidedIsShownAndNothingIsLost() throws IOException {
    write(review, 12);
    open(files(), 1280, ColorScheme.LIGHT);
    for (String text : List.of("case 0?", "number 1 to", "colleague 2 looks")) {
      answer(text).click();
      press("a");
    }
    others(
        "\"\",,,,a-0,",
        "reject,,,wrong product,a-0,",
        "\"\",,,,a-9,",
        "approve,,,,a-9,",
        "\"\",,,,a-2,",
        "\"\",,,,a-2000,");
    press("Control+s");
    assertThat(page.locator("#conflicts h2"))
        .hasText("Another person decided differently about 2 rows");
    assertThat(page.locator("#conflicts")).containsText("Note: wrong product");
    assertThat(page.locator("#conflicts")).containsText("The answer is no longer in the file.");
    assertThat(page.locator("#notice"))
        .hasText(Pattern.compile("Saved 1 change\\..*2 changes of yours wait for a choice\\."));
    assertThat(decisions())
        .containsEntry("a-0", new Decision(Kind.REJECT, "", "", "wrong product"))
        .containsEntry("a-1", decided(Kind.APPROVE))
        .containsEntry("a-9", decided(Kind.APPROVE))
        .containsKey("a-2000");
    Chromium.picture(page, "review-conflict");

    page.getByLabel("Keep mine: a-0").click();
    page.getByLabel("Keep theirs: a-2").click();
    assertThat(page.locator("#conflicts")).isHidden();
    press("Control+s");
    assertThat(page.locator("#notice")).hasText("Saved 1 change.");
    assertThat(decisions()).containsEntry("a-0", decided(Kind.APPROVE));
  }

  /** A spreadsheet has the file open, and saves what it read long ago. */
  @Test
  void aSavedDecisionThatAnotherProgramTakesBackIsShown() throws IOException {
    write(review, 40);
    String before = Files.readString(review);
    open(files(), 1280, ColorScheme.LIGHT);
    item(1).click();
    press("a", "Control+s");
    assertThat(page.locator("#notice")).hasText("Saved 1 change.");
    Files.writeString(review, before);
    assertThat(page.locator("#conflicts h2"))
        .hasText("Another person decided differently about 1 row");
    page.locator("text=Keep mine").click();
    press("Control+s");
    assertThat(page.locator("#notice")).hasText("Saved 1 change.");
    assertThat(decisions().values()).contains(decided(Kind.APPROVE));
  }

  @Test
  void theEndOfTheCommandIsSaidAndDecisionsStayOnThePage() throws IOException {
    write(review, 40);
    open(files(), 1280, ColorScheme.LIGHT);
    item(1).click();
    press("a");
    server.close();
    press("Control+s");
    assertThat(page.locator("#notice")).containsText("The command behind this page has ended.");
    assertThat(page.locator("#save")).hasText("Save 1 change");
    complaints.removeIf(text -> text.contains("ERR_CONNECTION_REFUSED"));
  }

  // The library

  private Path library() {
    Path file = folder.resolve("library").resolve(AnswerLibraryFile.FILE);
    AnswerLibraryFile.write(
        file,
        new AnswerLibrary(
            List.of(
                entry("refund-1", "Your order {order_number} is refunded.", "billing"),
                entry("hours", "We are here from Monday to Friday.", "general"),
                entry("sale", "Get 50% off until the end of the month.", "general")),
            List.of("for free")));
    return file;
  }

  private static Entry entry(String id, String text, String in) {
    return new Entry(
        id,
        Optional.empty(),
        text,
        Optional.of(in),
        Optional.empty(),
        Optional.of("en"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void openLibrary(Path file, int width, ColorScheme scheme) throws IOException {
    AnswerLibrary production =
        new AnswerLibrary(
            List.of(
                entry("refund-1", "Your order {order_number} is refunded.", "billing"),
                entry("old", "Please send a fax.", "general")),
            List.of());
    Map<String, EditedFile> files = Files.exists(review) ? files() : new LinkedHashMap<>(Map.of());
    files.put("library", new LibraryTable(file));
    ObjectNode about = Json.COMPACT.createObjectNode().put("production", "desk@4");
    about
        .putArray("publish")
        .add("repartee models publish answers/desk --library library --store URI");
    open(files, about, Optional.of(new NamedLibrary("desk@4", production)), width, scheme);
  }

  @Test
  void anEntryIsEditedAndComparedWithProduction() throws IOException {
    Path file = library();
    openLibrary(file, 1280, ColorScheme.LIGHT);
    page.locator("[role=treeitem]:has-text('refunded')").click();
    page.locator("#pane [name=owner]").fill("a-3");
    button("'Add a language'").click();
    page.getByLabel("Language").last().fill("en");
    page.locator("#pane textarea").last().fill("Bestelling is terugbetaald.");
    page.keyboard().press("Tab");
    assertThat(page.locator(".wrong")).hasText("Each language may have one text.");
    page.getByLabel("Language").last().fill("nl");
    page.keyboard().press("Tab");
    assertThat(page.locator(".wrong")).hasText("");
    button("'New entry'").click();
    page.locator("#pane [name=id]").fill("thanks");
    page.locator("#pane textarea").last().fill("Thank you for waiting.");
    page.keyboard().press("Tab");
    assertThat(page.locator("#notice")).hasText("Added thanks.");
    page.locator("[role=treeitem]:has-text('Monday')").click();
    button("'Remove entry'").click();
    page.locator("[role=treeitem]:has-text('Phrases')").click();
    page.getByLabel("Phrases").fill("for free\n50% off\n");
    press("Control+s");
    assertThat(page.locator("#notice")).hasText("Saved 4 changes.");

    AnswerLibrary saved = AnswerLibraryFile.read(file);
    assertThat(saved.never()).containsExactly("for free", "50% off");
    assertThat(saved.byAnswer()).containsOnlyKeys("refund-1", "sale", "thanks");
    List<Entry> refund = saved.byAnswer().get("refund-1");
    assertThat(refund.get(1))
        .isEqualTo(refund.get(0).in("nl", "Bestelling is terugbetaald."))
        .extracting(Entry::owner)
        .isEqualTo(Optional.of("a-3"));

    button("Difference").click();
    Locator difference = page.locator("#found");
    assertThat(difference).containsText("desk@4 -> " + file + ": 2 entries added, 1 removed");
    assertThat(difference).containsText("text.nl: \u2013 \u2192 Bestelling is terugbetaald.");
    assertThat(difference).containsText("old Please send a fax.");
    assertThat(difference).containsText("sale: 50 off");
    assertThat(difference).containsText("repartee models publish answers/desk");
    Chromium.picture(page, "review-difference");
  }

  @Test
  void anEntryThatAnotherPersonEditedIsShown() throws IOException {
    Path file = library();
    openLibrary(file, 1280, ColorScheme.LIGHT);
    page.locator("[role=treeitem]:has-text('Monday')").click();
    page.locator("#pane textarea").fill("We are here every day.");
    page.keyboard().press("Tab");
    Files.writeString(
        file, Files.readString(file).replace("from Monday to Friday", "from 8 to 18"));
    press("Control+s");
    assertThat(page.locator("#conflicts")).containsText("text: We are here from 8 to 18.");
    page.locator("text=Keep mine").click();
    press("Control+s");
    assertThat(page.locator("#notice")).hasText("Saved 1 change.");
    assertThat(AnswerLibraryFile.read(file).byAnswer().get("hours").getFirst().text())
        .isEqualTo("We are here every day.");
  }

  // What it looks like

  /** axe-core finds nothing; nothing is wider than the window. */
  @ParameterizedTest
  @CsvSource({
    "light, 1280, LIGHT",
    "dark, 1280, DARK",
    "phone, 390, LIGHT",
    "phone-dark, 390, DARK"
  })
  void isAccessible(String name, int width, ColorScheme scheme) throws IOException {
    write(review, 300);
    openLibrary(library(), width, scheme);
    item(1).click();
    press("a", "a", "r");
    page.locator("[role=treeitem]:has(.approve)").first().click();
    press("x", "j", "j", "j", "m");
    assertSound(name);
    press("e");
    assertThat(page.locator("#edited")).isFocused();
    page.locator("#edited").fill("Could you please give me the number of your order?");
    assertSound(name + "-edit");
    press("Control+Enter", "Home");
    assertSound(name + "-group");
    press("?");
    assertThat(page.locator("#keys")).isVisible();
    assertSound(name + "-keys");
    press("Escape");
    others("\"\",,,,a-3,", "reject,,,wrong product,a-3,", "\"\",,,,a-0,", "reject,,,,a-0,");
    press("Control+s");
    assertThat(page.locator("#conflicts")).isVisible();
    assertSound(name + "-conflict");
    assertThat(page.locator("#files button").first()).hasText("Answers (3 to choose)");
    page.locator("#files button").last().click();
    page.locator("[role=treeitem]:has-text('refunded')").click();
    assertSound(name + "-library");
    button("Difference").click();
    assertThat(page.locator("#found")).containsText("Removed");
    assertSound(name + "-difference");
  }

  private void assertSound(String name) {
    Chromium.picture(page, "review-" + name);
    assertThat(Axe.findings(page)).as(name).isEqualTo("[]");
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .as(name)
        .isEqualTo(true);
  }
}
