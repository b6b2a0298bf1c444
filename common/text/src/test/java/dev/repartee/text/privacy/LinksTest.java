package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinksTest {

  @Test
  void aLinkBecomesOnePlaceholder() {
    assertThat(Links.masked("See https://a.com/x?y=1, www.b.org/z. *MS"))
        .isEqualTo("See {url}, {url}. *MS");
    assertThat(Links.masked("Nothing {url} here")).isEqualTo("Nothing {url} here");
    assertThat(Links.isLink("https://a.com")).isTrue();
    assertThat(Links.isLink("see")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://support.acme.example/hc/en-us/requests/new, true",
    "http://amzn.to/NAYourOrders, true",
    "https://t.co/GDrqU12YpT, true",
    "https://acme.example/t5/Ideas-and-Questions/idb-p, true",
    "https://acme.example/accounts/answer/7299973, true",
    "https://acme.example/articles/204233943-Basic-Troubleshooting, true",
    "https://acme.example/orders/204233943, false",
    "https://acme.example/articles/204233943a, false",
    "https://acme.example/reset/GDrqU12YpT, false",
    "https://acme.example/reset/aGhDfKlPqRsT, false",
    "https://acme.example/t5/News/Prices/ba-p/30734312, true",
    "https://acme.example/signin?flowName=WebSignIn&step=2&lang=en_US, true",
    "https://acme.example/#reset-your-password, true",
    "https://acme.example?page=help, true",
    "https://acme.example/signin?flow=23ac27d2, false",
    "https://acme.example/signin?flow=GDrqU12YpT, false",
    "https://acme.example/signin?name=miller, false",
    "https://acme.example/signin?step=2&order=4711, false",
    "https://acme.example/orders#204233943, false",
    "https://jo@acme.example/, false",
    "https://acme.example/a%20b, false"
  })
  void aPlainLinkSaysNothingOfACustomer(String link, boolean plain) {
    assertThat(Links.isPlain(link)).isEqualTo(plain);
  }
}
