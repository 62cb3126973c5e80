"""The JavaScript outputs: bundles and TypeScript declarations."""
