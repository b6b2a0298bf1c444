package dev.repartee.text.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadsheetTest {

  @TempDir private Path folder;

  private List<String> read(Path file) {
    return Spreadsheet.read(
        file,
        List.of("id"),
        List.of(),
        (cells, place) -> {
          if (cells.get("id").startsWith("bad")) {
            throw new IllegalArgumentException("id is '" + cells.get("id") + "'");
          }
          cells.requireWidth();
          return cells.get("id") + "=" + cells.get("text");
        });
  }

  @Test
  void whatIsWrittenIsRead() {
    Path file = folder.resolve("t.csv");
    Spreadsheet.write(
        file,
        new Spreadsheet.Layout(',', List.of("id", "text")),
        Stream.of(Stream.of("a", "=1\nx"), Stream.of("b", "'\";,")));
    assertThat(read(file)).containsExactly("a==1\nx", "b='\";,");
  }

  @Test
  void aChangedTableKeepsItsSeparatorHeaderAndFurtherColumns() throws IOException {
    Path file = folder.resolve("t.csv");
    Files.writeString(file, "ID;Asked by Ann;text\r\na;x;\"'=1;2\"\r\n\r\nb;y;z;wider\r\n");
    List<Spreadsheet.Cells> rows =
        Spreadsheet.read(file, List.of("id"), List.of(), (cells, place) -> cells);
    assertThat(rows.get(0).all()).containsExactly("a", "x", "=1;2");
    assertThat(rows.get(0).place("text")).contains(2);
    Spreadsheet.write(file, rows.get(0).layout(), rows.stream().map(cells -> cells.all().stream()));
    assertThat(file).hasContent("\ufeffID;Asked by Ann;text\r\na;x;\"'=1;2\"\r\nb;y;z;wider\r\n");
  }

  @Test
  void everyBadRowIsNamedByItsLine() throws IOException {
    Path file = folder.resolve("t.csv");
    Files.writeString(file, "Text,ID\r\n\"two\nlines\",bad1\r\n\r\nx,good\r\ny,bad2\r\n");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UserException.class)
        .hasMessage(file + ":2: id is 'bad1'\n" + file + ":6: id is 'bad2'");
    Files.writeString(file, "id,text\nbad,\n\"open,x\n");
    assertThatThrownBy(() -> read(file))
        .hasMessageStartingWith(file + ":2: id is 'bad'\n" + file + ":3: not CSV: ")
        .hasMessageEndingWith("look for a quote without its end, or text behind one");
    Files.writeString(file, "id\n" + "bad\n".repeat(101));
    assertThatThrownBy(() -> read(file))
        .hasMessageEndingWith(file + ": stopped after 100 bad rows")
        .message()
        .hasLineCount(101);
    Files.writeString(file, "id,text\na\nb,c,\n");
    assertThatThrownBy(() -> read(file))
        .hasMessage(
            file + ":3: row has 3 columns but the header has 2; quote texts that hold commas");
    assertThatThrownBy(() -> read(folder.resolve("none.csv"))).hasMessageEndingWith("no such file");
  }

  @Test
  void cellsComeBackAsTheyWere() {
    for (String text :
        List.of(
            "=1+1", "-5", "'=x", "''@", "\tx", "it's", "'", "", "+", "a=b", "＝1+1", "－5", "'＠x")) {
      String cell = Spreadsheet.guard(text);
      assertThat(cell).doesNotStartWith("=").doesNotStartWith("\t").doesNotStartWith("-");
      assertThat(cell).doesNotStartWith("＝").doesNotStartWith("－");
      assertThat(Spreadsheet.unguard(cell)).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a;=1+1",
        "a\t=1+1",
        "a\n=1+1",
        "a\r\n@x",
        "a;-1;+2",
        "a;'=1",
        "a;\"=1+1\"",
        "a\t\t=1",
        "\"=1",
        "a;＋1",
        "a\n＠x",
        "a; b;c"
      })
  void formulasBehindASemicolonATabOrANewLineAreGuarded(String text) {
    String guarded = Spreadsheet.guard(text);
    for (String cell : guarded.split("[;\t\r\n]", -1)) {
      // As one sees it that reads quotes in the middle of a line, too.
      assertThat(cell.replace("\"", "")).doesNotContainPattern("^[=+@＝＋－＠-]");
    }
    assertThat(Spreadsheet.unguard(guarded)).isEqualTo(text);
  }
}
