package dev.repartee.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.repartee.text.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Types that openapi-typescript makes of the description, with its default flags. */
@Tag("slow")
@Timeout(600)
class OpenApiTypesTest {

  /** Kept between runs, so that only the first one needs the network. */
  private static final Path FOLDER = Path.of("target", "openapi-types");

  private static final String PACKAGE =
      """
      {"private": true, "dependencies": {"openapi-typescript": "7.13.0", "typescript": "5.9.3"}}
      """;

  /**
   * A front end's use of the API: with only what a request needs, and with all that it may hold.
   */
  private static final String USE =
      """
      import type { components, paths } from './api';

      type Schemas = components['schemas'];
      type Post = paths['/v1/suggestions']['post'];

      const least: Schemas['SuggestionRequest'] = { messages: [] };
      const most: Post['requestBody']['content']['application/json'] = {
        messages: [{ role: 'customer', text: 'Where is my order?' }],
        draft: 'Let me ',
        limit: 1,
        conversation_id: 'c-17',
        agent_id: null,
        queue: 'shipping',
        language: 'de-AT',
        metadata: { customer_name: 'Ann Lee', loyalty_level: 'gold' },
        operating_point: 'calm',
        declined: false,
      };

      export async function suggest(token: string): Promise<string[]> {
        const response = await fetch('/v1/suggestions', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
          body: JSON.stringify([least, most]),
        });
        if (!response.ok) {
          const problem: Post['responses'][409]['content']['application/problem+json'] = await response.json();
          throw new Error(`${problem.field ?? ''} ${problem.detail} (${problem.request_id ?? 'no id'})`);
        }
        const told: Post['responses'][200]['content']['application/json'] = await response.json();
        const version: string | undefined = told.library?.version;
        const feedback: Schemas['FeedbackRequest'] = {
          id: told.suggestions_id,
          conversation_id: 'c-17',
          model: told.model,
          shown: told.suggestions.map(({ kind, id, text }) => ({ kind, id, text })),
          action: 'dismissed',
          final_text: version ?? '',
          characters_typed: 0,
        };
        return [feedback.id, ...told.suggestions.map((one) => (one.kind === 'answer' ? one.text : one.template))];
      }

      // @ts-expect-error messages are needed
      export const without: Schemas['SuggestionRequest'] = { draft: '' };
      // @ts-expect-error a point that there is not
      export const strange: Schemas['SuggestionRequest'] = { messages: [], operating_point: 'keen' };
      """;

  private record Ran(int status, String output) {}

  private static Ran run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command))
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor(5, TimeUnit.MINUTES)
        ? new Ran(process.exitValue(), output)
        : new Ran(-1, output);
  }

  private static boolean hasNpm() throws InterruptedException {
    try {
      return run("npm", "--version").status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void typesOfTheDescriptionCompileUnderStrict() throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    assumeTrue(hasNpm(), "npm is not installed");
    for (Map.Entry<String, String> file :
        Map.of(
                "package.json",
                PACKAGE,
                "openapi.json",
                Resources.text(OpenApiTypesTest.class, "openapi.json"),
                "use.ts",
                USE)
            .entrySet()) {
      Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
    }
    Ran installed = run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline");
    assumeTrue(
        installed.status() == 0,
        () -> "npm cannot fetch openapi-typescript and typescript: " + installed.output());
    Ran made = run("npx", "--no-install", "openapi-typescript", "openapi.json", "-o", "api.d.ts");
    assertThat(made.status()).as(made.output()).isZero();
    Ran compiled =
        run(
            "npx",
            "--no-install",
            "tsc",
            "--strict",
            "--noEmit",
            "--target",
            "es2022",
            "--module",
            "esnext",
            "--moduleResolution",
            "bundler",
            "--lib",
            "es2022,dom",
            "use.ts");
    assertThat(compiled.status()).as(compiled.output()).isZero();
  }
}
