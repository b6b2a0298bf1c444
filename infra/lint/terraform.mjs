// Checks Terraform files against the schema of the Google provider, without Terraform: HashiCorp's own HCL parser (compiled to
// WebAssembly in @cdktn/hcl2json) reads them, and the type declarations of @cdktf/provider-google, which were generated from the
// provider's schema, say which arguments and blocks there are, which of them are required, and what can be read of a resource.
// Types of values are not checked: most are expressions. Run by infra/lint-terraform.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [modules, folder] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(modules), 'package.json'));
const { parse } = createRequire(import.meta.url)('@cdktn/hcl2json');
const provider = path.dirname(require.resolve('@cdktf/provider-google/package.json'));
const meta = new Set(['count', 'for_each', 'depends_on', 'lifecycle', 'provider', 'timeouts']); // of a resource itself
const errors = [];
const schemas = new Map();

// The declarations of one resource type: interfaces by name, and the attributes that can be read of it.
function schema(type) {
  if (schemas.has(type)) return schemas.get(type);
  const base = path.join(provider, 'lib', type.replace(/^google_/, '').replaceAll('_', '-'));
  if (!fs.existsSync(base)) {
    schemas.set(type, undefined);
    return undefined;
  }
  const structs = path.join(base, 'index-structs');
  const files = [path.join(base, 'index.d.ts')];
  if (fs.existsSync(structs)) files.push(...fs.readdirSync(structs).filter((f) => /^structs.*d\.ts$/.test(f)).map((f) => path.join(structs, f)));
  const interfaces = new Map();
  for (const text of files.map((file) => fs.readFileSync(file, 'utf8'))) {
    for (const [, name, body] of text.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
      const fields = new Map();
      for (const [, snake, optional, of] of body.matchAll(/docs\/resources\/\w+#(\w+) [\s\S]*?readonly \w+(\??): (\w+|\{)/g)) {
        fields.set(snake, { required: optional === '', of });
      }
      interfaces.set(name, fields);
    }
  }
  const index = fs.readFileSync(files[0], 'utf8');
  const config = index.match(/^export interface (\w+Config) extends cdktf\.TerraformMetaArguments/m)[1];
  const readable = new Set([...index.matchAll(/^    get (\w+)\(\)/gm)].map((match) => match[1]));
  schemas.set(type, { interfaces, config, readable });
  return schemas.get(type);
}

function checkBlock(where, { interfaces, config }, name, block) {
  const fields = interfaces.get(name);
  const given = new Map(Object.entries(block).filter(([key]) => key !== 'dynamic' && !(name === config && meta.has(key))));
  for (const [key, dynamics] of Object.entries(block.dynamic ?? {})) {
    given.set(key, dynamics.flatMap((dynamic) => dynamic.content));
  }
  for (const [key, value] of given) {
    const field = fields.get(key);
    if (!field) {
      errors.push(`${where}: no argument or block '${key}'; there are ${[...fields.keys()].sort().join(', ')}`);
    } else if (interfaces.has(field.of) && Array.isArray(value)) {
      value.filter((inner) => typeof inner === 'object').forEach((inner) => checkBlock(`${where}.${key}`, { interfaces, config }, field.of, inner));
    } else if (interfaces.has(field.of)) {
      errors.push(`${where}.${key}: is a block, not an argument; write '${key} {'`);
    } else if (Array.isArray(value) && value.length > 0 && value.every((inner) => typeof inner === 'object')) {
      errors.push(`${where}.${key}: is an argument, not a block; write '${key} ='`);
    }
  }
  for (const [key, field] of fields) {
    if (field.required && !given.has(key) && !(name === config && meta.has(key))) errors.push(`${where}: '${key}' is required`);
  }
}

const camel = (snake) => snake.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function checkReads(file, text) {
  for (const [, type, name, attribute] of text.matchAll(/\b(google_[a-z0-9_]+)\.([a-z0-9_]+)(?:\[[^\]]*\])?\.([a-z0-9_]+)/g)) {
    const found = schema(type);
    if (found && !found.readable.has(camel(attribute))) errors.push(`${file}: ${type}.${name} has no attribute '${attribute}'`);
  }
}

let resources = 0;
const names = fs.readdirSync(folder).filter((name) => name.endsWith('.tf')).sort();
for (const name of names) {
  const text = fs.readFileSync(path.join(folder, name), 'utf8');
  let parsed;
  try {
    parsed = await parse(name, text);
  } catch (failure) {
    errors.push(`${name}: ${failure}`);
    continue;
  }
  for (const [type, byName] of Object.entries(parsed.resource ?? {})) {
    for (const [label, [block]] of Object.entries(byName)) {
      resources++;
      const found = schema(type);
      if (found) checkBlock(`${name}: ${type}.${label}`, found, found.config, block);
      else errors.push(`${name}: no resource type '${type}' in the provider`);
    }
  }
  checkReads(name, text.replace(/^\s*#.*$/gm, ''));
}
errors.forEach((error) => console.error(`error: ${error}`));
const version = require('@cdktf/provider-google/package.json').version;
console.log(`${names.length} files, ${resources} resources against @cdktf/provider-google ${version}: ${errors.length} errors`);
process.exitCode = errors.length > 0 ? 1 : 0;
