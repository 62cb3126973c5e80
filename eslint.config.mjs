import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["browser_dist/", "node_modules/", ".venv/", "test-results/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, globals: { ...globals.browser } },
    rules: { "no-unused-vars": ["error", { args: "after-used", argsIgnorePattern: "^match$" }] },
  },
  {
    files: [
      "lint/*.mjs",
      "tests/**/*.mjs",
      "tests/**/*.cjs",
      "bench/**/*.cjs",
      "flickr_sandbox/**/*.cjs",
    ],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ["tests/browser/pages/*.js", "examples/**/*.js"],
    languageOptions: { globals: { Flickr: "readonly", FlickrError: "readonly" } },
  },
];
