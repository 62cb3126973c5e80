"""The browser engines of the tests: Chromium by Playwright, Firefox and WebKit by drivers."""
