package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private final Redactor redactor = new Redactor();

  private String redacted(String text) {
    return redactor.redact(text).text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Write to jo.doe+x@mail.example.org.     | Write to {email}.
          JO_DOE@EXAMPLE.CO.UK!                   | {email}!
          zoë@exämple.de is mine                  | {email} is mine
          john at example dot com                 | {email}
          it's john.w at mail dot co dot uk ok?   | it's {email} ok?
          name (at) mail (dot) com                | {email}
          <a@b.example>                           | <{email}>
          See https://example.org/a?b=1, please   | See {url}, please
          Go to WWW.example.org!                  | Go to {url}!
          (shop.example.com/p/12.html)            | ({url})
          example.co.uk is down                   | {url} is down
          my-shop.io                              | {url}
          look at amazon dot com                  | look at {url}
          ping 192.168.1.20 now                   | ping {url} now
          jo.doe (at) mail.ru or jo[at]mail.pl    | {email} or {email}
          evilbank.click, evilbank.zip/login      | {url}, {url}
          see holidays.mov and evilbank.zip       | see holidays.mov and evilbank.zip
          """)
  void emailsAndLinks(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Call +49 170 1234567                    | Call {phone}
          Call +491701234567                      | Call {phone}
          My card fails, call +49 151 23456789    | My card fails, call {phone}
          Call (555) 123-4567 now                 | Call {phone} now
          Call 555-123-4567.                      | Call {phone}.
          Call 555-0134, please                   | Call {phone}, please
          +1 (415) 555-0134 ext 12                | {phone}
          my cell is 4155550134                   | my cell is {phone}
          2025550143                              | {phone}
          it's 01 42 68 53 00                     | it's {phone}
          ４１５-５５５-０１３４                  | {phone}
          1-800-FLOWERS                           | {phone}
          Card 4111 1111 1111 1111 ok?            | Card {card} ok?
          Card 4111-1111-1111-1111                | Card {card}
          Card 4111.1111.1111.1111 exp 03/27      | Card {card} exp {date}
          3782 822463 10005                       | {card}
          the card ending in 4242                 | the card ending in {card}
          last four digits are 4242               | last four digits are {card}
          my account is 12345678                  | my account is {account}
          DE89 3704 0044 0532 0130 00             | {account}
          GB82WEST12345698765432 please           | {account} please
          sort code 12-34-56                      | sort code {account}
          SSN 123-45-6789                         | SSN {account}
          my PIN is 4021                          | my PIN is {account}
          username: jdoe82                        | username: {account}
          (583)595-6811x03533                     | {phone}
          BIC: COBADEFFXXX                        | BIC: {account}
          my SWIFT/BIC is DEUTDEFF                | my SWIFT/BIC is {account}
          AD96 7906 6020 6446 7172 4834 is mine   | {account} is mine
          """)
  void phonesCardsAndAccounts(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Your order 12345678 is on its way       | Your order {reference} is on its way
          order #A-10293                          | order {reference}
          Ticket AB123456                         | Ticket {reference}
          INC0012345                              | {reference}
          #48213 again                            | {reference} again
          AB12-CD34-99                            | {reference}
          use XJ4K9Q                              | use {reference}
          confirmation code is XJKLQW             | confirmation code is {reference}
          123e4567-e89b-12d3-a456-426614174000    | {reference}
          Tracking: 1Z999AA10123456784            | Tracking: {reference}
          on 2026-11-24.                          | on {date}.
          11/24/2026 or 24.11.2026                | {date} or {date}
          March 3rd, 2024                         | {date}
          the 14th of march                       | {date}
          3 March, Jan 5 and 03/04                | {date}, {date} and {date}
          12. März 2024                           | {date}
          on the 7th, please                      | on {date}, please
          2024-03-04T10:15:00Z                    | {date}
          at 5pm or 5 p.m. or 17:30               | at {time} or {time} or {time}
          10:15 a.m. it is                        | {time} it is
          five o'clock, half past five            | {time}, {time}
          17h30, 18 Uhr                           | {time}, {time}
          $25 $1,234.50 25€ £5                    | {money} {money} {money} {money}
          EUR 25, €1.200,50, Rs 500, ¥300         | {money}, {money}, {money}, {money}
          25 bucks, twenty dollars, 50 cents      | {money}, {money}, {money}
          two hundred and fifty euros             | {money}
          ticket JIRA-150, see HELP-756           | ticket {reference}, see {reference}
          Qaj5JxJcNmUX is missing                 | {reference} is missing
          delivery HZRGKS is late                 | delivery {reference} is late
          case 6109/24                            | case {reference}
          it is 85-174264                         | it is {number}
          Monday, August 13, 1973                 | {date}
          mardi 8 octobre 1996                    | {date}
          between 8/7 and 1-Dec-2003              | between {date} and {date}
          26 augustus 2008                        | {date}
          58,42 US$                               | {money}
          code 639431                             | code {number}
          It is 4021                              | It is {number}
          four two four two four two              | {number}
          4 2 4 2 4 2                             | {number}
          """)
  void referencesDatesTimesMoneyAndNumbers(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          I live at 12 Main Street, Apt 4, Springfield, IL 62704. | I live at {address}.
          221B Baker Street, London NW1 6XE       | {address}
          to 12 main st please                    | to {address} please
          PO Box 123                              | {address}
          Hauptstraße 5, 10115 Berlin             | {address}
          12 rue de Rivoli, 75001 Paris           | {address}
          Calle Mayor 12                          | {address}
          it is SW1A 1AA                          | it is {address}
          zip 90210                               | zip {address}
          350 Fifth Avenue, Suite 200             | {address}
          12 bis, impasse des Lilas, 75011 Paris  | {address}
          Hauptstr. 5 b in 62080 München          | {address}
          Merziger Str. 34b                       | {address}
          Unter den Linden 38                     | {address}
          16092 Brandon Crossing Apt. 544         | {address}
          43 Daniela Meadow Suite 753             | {address}
          my address is 9920 sunset place, thanks | my address is {address}, thanks
          deliver to 7 Zanthorpe Glade, Unit 4    | deliver to {address}
          500 Terry A Francois Boulevard Suite 73 | {address}
          """)
  void addresses(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It's open 24/7, 1/2 price, 15% off, 50/50",
        "A table for 4 at 5, in room 483",
        "Since 2019 we sell 4x4 cars, iPhone 15 and Windows 11",
        "The refund takes 5-10 business days",
        "Castro St is near the Shadyside Inn",
        "the 2nd floor, the third time, 30 seconds, 100mbps",
        "I am @ home",
        "Thanks.My order is late",
        "You may 2 times, we march on Monday, tomorrow or today",
        "on my way 2 drive there, a 10 minute drive",
        "No data at all",
        "The order is PENDING, SWIFT RESPONSE please",
        "I'd rate it 5/5, send me the link at 5",
        "The 2 other ways, 3 Big Mac menus and 12 Angry Men",
        "I typed {this} and {} and {numbers}",
        ""
      })
  void leavesEverydayTextAlone(String text) {
    RedactedText redaction = redactor.redact(text);
    assertThat(redaction.text()).isEqualTo(text);
    assertThat(redaction.isTouched()).isFalse();
  }

  @Test
  void findingsTellWhatStoodWhere() {
    String text = "Hi John, pay\u00A0$25 by\u200B 5pm or $30";
    RedactedText redaction = redactor.redact(text);
    assertThat(redaction.text())
        .isEqualTo("Hi {name}, pay\u00A0{money} by\u200B {time} or {money}");
    assertThat(redaction.detections())
        .extracting(Detection::text)
        .containsExactly("John", "$25", "5pm", "$30");
    assertThat(redaction.detections())
        .allSatisfy(
            found ->
                assertThat(text.substring(found.start(), found.end())).isEqualTo(found.text()));
    assertThat(redaction.counts())
        .isEqualTo(Map.of(PersonalData.NAME, 1, PersonalData.MONEY, 2, PersonalData.TIME, 1));
  }

  @Test
  void digitsOfAllScriptsCount() {
    assertThat(redacted("١٢٣٤٥")).isEqualTo("{number}");
    assertThat(redacted("\uD835\uDFCF\uD835\uDFD0\uD835\uDFD1\uD835\uDFD2 ok"))
        .isEqualTo("{number} ok");
  }

  @Test
  void placeholdersAreLeftAlone() {
    for (PersonalData kind : PersonalData.values()) {
      String text = "My name is " + kind.placeholder() + ", order " + kind.placeholder() + "!";
      assertThat(redacted(text)).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Handy: vier fünf eins sieben eins vier null    | Handy: {number}
          c'est le huit cinq neuf un six huit zéro       | c'est le {number}
          llame al dos tres dos ocho cero uno seis       | llame al {number}
          an bjorn punkt zschoche at hey punkt at bitte  | an {email} bitte
          écrire à noemie point ndiaye arobase gmx point fr  | écrire à {email}
          jane.roe arroba gmail punto com                | {email}
          jane.roe (ät) gmx (punkt) de                   | {email}
          jane at hey dot ie                             | {email}
          Meine Bestellnummer ist WBKXXH.                | Meine Bestellnummer ist {reference}.
          Rechnung Nr. BRWWFT stimmt nicht               | Rechnung Nr. {reference} stimmt nicht
          Ihr Ticket HTLLVW ist offen                    | Ihr Ticket {reference} ist offen
          Le dossier SPHYZZ est ouvert                   | Le dossier {reference} est ouvert
          La facture n° BXRKHG est fausse                | La facture n° {reference} est fausse
          El expediente WPFHFN sigue abierto             | El expediente {reference} sigue abierto
          case 729.667.778                               | case {reference}
          Vivo en Rambla de Catalunya 113                | Vivo en {address}
          Travesía del Pez 98, 28004 Madrid              | {address}
          Ctra. de Burgos 12                             | {address}
          Auf der Höhe 24 in 57072 Siegen                | {address}
          I live at 156a Kingsway                        | I live at {address}
          Please deliver to 24a Cheapside, thanks        | Please deliver to {address}, thanks
          """)
  void valuesInFormsOfOtherLanguages(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I have arrived at this point in time. Stuck at this point in it",
        "At this point be aware of it, see me at some point in May",
        "An diesem Punkt es zu lassen. Der Punkt in der Rechnung.",
        "Compré una arroba de patatas en la tienda",
        "Eins, zwei oder drei. Un, deux, trois. Uno, dos y tres.",
        "Kundennummer NICHT angeben. Bestellung BITTE prüfen",
        "my ticket WORKS now. The ticket PLEASE",
        "Bitte meine Bestellung STORNIERT. Rechnung NOCHMALS senden",
        "Le dossier EST ouvert. Ma commande URGENTE svp",
        "Paseo por la Rambla. Una travesía de 3 horas",
        "I moved to 4K Netflix. I moved to 5g Internet",
        "Auf der Wiese sind 5 Kühe"
      })
  void everydayTextInFormsOfOtherLanguages(String text) {
    assertThat(redacted(text)).isEqualTo(text);
  }

  @Test
  void hashtagsAndPartsOfPostsStay() {
    for (String text : List.of("We like #COVID19 and #PS5", "First this (1/2)")) {
      assertThat(new Redactor().redact(text).text()).isEqualTo(text);
    }
    assertThat(new Redactor().redact("ticket #A1B2C3 or #AB12345").text())
        .isEqualTo("ticket {reference} or {reference}");
  }
}
