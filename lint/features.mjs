/** Find the features of JavaScript and of browsers that a script uses, and the browsers that have them. */
import { createRequire } from "node:module";
import { parse } from "acorn";

const bcd = createRequire(import.meta.url)("@mdn/browser-compat-data");
const ECMA_VERSION = 2022;
const find = (...path) => path.reduce((node, name) => node?.[name], bcd)?.__compat;

/** Return the data of a global, or of a member of it. */
const findGlobal = (owner, name) =>
  name
    ? (find("javascript", "builtins", owner, name) ??
      find("api", owner, `${name}_static`) ??
      find("api", owner, name))
    : (find("javascript", "builtins", owner) ?? find("api", owner));

/** Return the flags of a regular expression, also of one that a compiler lowered to a call. */
const findFlags = (node) =>
  node.regex?.flags ?? (node.callee?.name == "RegExp" ? String(node.arguments[1]?.value) : "");

/** Features of syntax since ES2018, by the nodes that have them. */
const SYNTAX = [
  [(node) => node.type == "ChainExpression", "operators.optional_chaining"],
  [(node) => node.operator == "??", "operators.nullish_coalescing"],
  [(node) => node.operator == "??=", "operators.nullish_coalescing_assignment"],
  [(node) => node.operator == "||=", "operators.logical_or_assignment"],
  [(node) => node.operator == "&&=", "operators.logical_and_assignment"],
  [(node) => node.type == "PropertyDefinition" && node.static, "classes.static.class_fields"],
  [(node) => node.type == "PropertyDefinition" && !node.static, "classes.public_class_fields"],
  [(node) => node.type == "PrivateIdentifier", "classes.private_class_fields"],
  [(node) => node.type == "StaticBlock", "classes.static.initialization_blocks"],
  [
    (node) => node.type == "CatchClause" && !node.param,
    "statements.try_catch.optional_catch_binding",
  ],
  [(node) => node.type == "ForOfStatement" && node.await, "statements.for_await_of"],
  [(node) => node.async && node.generator, "operators.async_generator_function"],
  [(node) => node.type == "ImportExpression", "operators.import"],
  [(node) => node.bigint, "builtins.BigInt"],
  [(node) => /_/.test(typeof node.value == "number" && node.raw), "grammar.numeric_separators"],
  [(node) => findFlags(node).includes("s"), "builtins.RegExp.dotAll"],
  [(node) => node.regex?.flags.includes("y"), "builtins.RegExp.sticky"],
  [(node) => node.regex?.flags.includes("d"), "builtins.RegExp.hasIndices"],
  [(node) => /\(\?<[=!]/.test(node.regex?.pattern), "regular_expressions.lookbehind_assertion"],
  [(node) => /\(\?<\w/.test(node.regex?.pattern), "regular_expressions.named_capturing_group"],
  [
    (node) => /\\p\{/i.test(node.regex?.pattern),
    "regular_expressions.unicode_character_class_escape",
  ],
].map(([matches, name]) => [matches, name, find("javascript", ...name.split("."))]);

/** Yield a node of a syntax tree and all nodes below it, each with its parent. */
function* walk(node, parent) {
  yield [node, parent];
  for (const child of Object.values(node).flat()) {
    if (child?.type) yield* walk(child, node);
  }
}

/** Options of the client that have the name of a member of the platform. */
const OPTIONS = ["fetch"];

/** All definitions of each name of a member, in the language and on the platform. */
const members = { __proto__: null };
for (const tree of [bcd.javascript.builtins, bcd.api]) {
  for (const [owner, definitions] of Object.entries(tree)) {
    for (const [name, { __compat: compat }] of Object.entries(definitions)) {
      if (compat) (members[name] ??= []).push([`${owner}.${name}`, compat]);
    }
  }
}

/** Return the names of members that the script itself defines: keys of its objects and classes. */
const listOwnNames = (nodes) => {
  const names = new Set(OPTIONS);
  for (const [node] of nodes) {
    const key = node.type == "AssignmentExpression" ? node.left.property : node.key;
    if (key && !node.computed) names.add(key.name ?? key.value);
  }
  return names;
};

/** Return the names of the script's variables, functions and classes. */
const listVariables = (nodes) => {
  const names = new Set();
  for (const [node] of nodes) {
    for (const pattern of [node.id, node.param, ...(node.params ?? [])].filter(Boolean)) {
      for (const [{ type, name }, parent] of walk(pattern)) {
        if (type == "Identifier" && parent?.type != "MemberExpression") names.add(name);
      }
    }
  }
  return names;
};

/** Return the version that has a feature: a number, Infinity if none has. */
export const readVersion = (support, browser) => {
  const entries = [support[browser] ?? []].flat();
  const whole = entries.filter((entry) => !entry.flags && !entry.prefix && !entry.alternative_name);
  const versions = whole.map(({ version_added: version, version_removed: removed }) =>
    removed || !version || version == "preview" ? Infinity : parseFloat(version.replace("≤", "")),
  );
  return Math.min(...versions);
};

/** Return the definition of a member that browsers have had for the longest time. */
const findOldest = (name) => {
  const found = members[name] ?? [];
  const ages = found.map(([path, compat]) => [readVersion(compat.support, "chrome"), path, compat]);
  return ages.sort(([left], [right]) => left - right)[0]?.slice(1);
};

/**
 * Return the features that a script or module uses, by name, each with its support in browsers.
 *
 * Raises a SyntaxError for syntax after ES2022. A member whose object is unknown counts as the oldest
 * one of its name.
 */
export const findFeatures = (text, sourceType) => {
  const tree = parse(text, { ecmaVersion: ECMA_VERSION, sourceType });
  const nodes = [...walk(tree)];
  const own = listOwnNames(nodes);
  const variables = listVariables(nodes);
  const features = new Map();
  const add = (name, compat) => compat && features.set(name, compat.support);
  for (const [node, parent] of nodes) {
    for (const [matches, name, compat] of SYNTAX) if (matches(node)) add(name, compat);
    if (node.type == "Identifier" && parent.property != node && parent.key != node) {
      if (!variables.has(node.name)) add(node.name, findGlobal(node.name));
    }
    if (node.type == "MemberExpression" && !node.computed) {
      const { name } = node.property;
      const owner = variables.has(node.object.name) ? undefined : node.object.name;
      const compat = owner && findGlobal(owner, name);
      if (compat) add(`${owner}.${name}`, compat);
      else if (!own.has(name)) add(...(findOldest(name) ?? []));
    }
  }
  return features;
};
