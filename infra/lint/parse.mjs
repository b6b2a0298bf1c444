// Parses Terraform files and Dockerfiles for infra's tests, for as long as stdin is open: one JSON request a line, one answer a line.
//   {"language": "terraform", "name": "storage.tf", "text": "..."}  ->  {"result": [{type, labels, line, body, references}, ...]}
//   {"language": "dockerfile", "name": "Dockerfile", "text": "..."} ->  {"result": [{word, line, flags, text, heredoc, unfinished}, ...]}
// Text that does not parse gives {"error": "..."}. HashiCorp's own HCL parser (compiled to WebAssembly in @cdktn/hcl2json) turns
// expressions into strings "${...}".
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { parse, getReferencesInExpression } = require('@cdktn/hcl2json');
const { DockerfileParser } = require('dockerfile-ast');

const strings = (value) =>
  typeof value === 'string' ? [value] : value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];

// Its position is not in the JSON: the line of the nth block with this type and these labels.
function line(text, type, labels, nth) {
  const header = new RegExp(`^[ \\t]*${[type, ...labels.map((label) => `"${label}"`)].join('[ \\t]+')}[ \\t]*\\{`, 'gm');
  const match = [...text.matchAll(header)][nth];
  return match ? text.slice(0, match.index).split('\n').length : 1;
}

async function terraform({ name, text }) {
  const blocks = [];
  const add = async (type, labels, value) => {
    if (!Array.isArray(value)) {
      for (const [label, inner] of Object.entries(value)) await add(type, [...labels, label], inner);
      return;
    }
    for (const [nth, body] of value.entries()) {
      const template = strings(body).filter((one) => /[$%]\{/.test(one)).join('\n');
      const references = template === '' ? [] : (await getReferencesInExpression(name, template)).map((one) => one.value);
      blocks.push({ type, labels, line: line(text, type, labels, nth), body, references });
    }
  };
  for (const [type, value] of Object.entries(await parse(name, text))) {
    if (value === null || typeof value !== 'object') throw new Error(`${name}: '${type}' stands in no block`);
    await add(type, [], value);
  }
  return blocks;
}

const dockerfile = ({ text }) =>
  DockerfileParser.parse(text)
    .getInstructions()
    .map((one) => ({
      word: one.getKeyword(),
      line: one.getRange().start.line + 1,
      flags: (one.getFlags?.() ?? []).map(String),
      text: one.getArgumentsContent() ?? '',
      heredoc: (one.getHeredocs?.() ?? []).length > 0,
      unfinished: /\\\s*$/.test(one.getTextContent()),
    }));

for await (const request of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(request);
  let answer;
  try {
    answer = { result: asked.language === 'terraform' ? await terraform(asked) : dockerfile(asked) };
  } catch (failure) {
    answer = { error: String(failure.message ?? failure) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
process.exit(0); // the WebAssembly would keep it alive
